namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>The most memory that the managed heap held, looked at twenty times a second. What a run before left is collected before the run begins.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly Timer _timer;
    private long _peak;

    public PeakMemory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

    public Reading Read()
    {
        Look();
        return new Reading("MB of heap at most", Volatile.Read(ref _peak) / 1e6);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = GC.GetTotalMemory(forceFullCollection: false);
        var peak = Volatile.Read(ref _peak);
        while (now > peak && Interlocked.CompareExchange(ref _peak, now, peak) is var seen && seen != peak)
        {
            peak = seen;
        }
    }
}
