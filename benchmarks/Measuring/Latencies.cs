using System.Diagnostics;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>Durations of single operations within a run.</summary>
internal sealed class Latencies
{
    private readonly List<long> _ticks = [];

    public Latencies(params IEnumerable<Latencies> parts) => _ticks.AddRange(parts.SelectMany(part => part._ticks));

    public int Count => _ticks.Count;

    public void Add(long from, long to) => _ticks.Add(to - from);

    public void Add(TimeSpan duration) => _ticks.Add((long)(duration.TotalSeconds * Stopwatch.Frequency));

    /// <summary>The duration within which a share of the operations ended (nearest rank).</summary>
    public double Microseconds(double share)
    {
        _ticks.Sort();
        var rank = Math.Clamp((int)Math.Ceiling(share * _ticks.Count) - 1, 0, _ticks.Count - 1);
        return _ticks[rank] * 1e6 / Stopwatch.Frequency;
    }
}
