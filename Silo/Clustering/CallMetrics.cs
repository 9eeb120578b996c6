using System.Diagnostics.Metrics;

namespace RiskMonitor.Silo.Clustering;

/// <summary>How often grain calls of this process had to be repeated.</summary>
internal sealed class CallMetrics
{
    private readonly Counter<long> _repeated;

    public CallMetrics(IMeterFactory meters)
    {
        _repeated = meters.Create("RiskMonitor").CreateCounter<long>("grain_call_repeats_total", description: "Calls of grains that were made again");
    }

    /// <param name="reason">timeout or unreachable.</param>
    public void Repeated(string reason) => _repeated.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
