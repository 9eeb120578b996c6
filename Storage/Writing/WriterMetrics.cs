using System.Diagnostics.Metrics;

namespace RiskMonitor.Storage.Writing;

/// <summary>How many writes share a commit, how long a commit takes, how often writes are repeated, and whether they fail.</summary>
internal sealed class WriterMetrics
{
    private readonly Histogram<int> _groupSize;
    private readonly Histogram<double> _commitSeconds;
    private readonly Counter<long> _retries;

    public WriterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _groupSize = meter.CreateHistogram<int>("storage_group_writes", description: "Writes that shared a commit");
        _commitSeconds = meter.CreateHistogram<double>("storage_commit_seconds", "s", "Duration of a commit, fsync included");
        _retries = meter.CreateCounter<long>("storage_write_retries_total", description: "Writes repeated after a deadlock, a long wait for a lock, or a lost connection");
        meter.CreateObservableGauge("storage_failing", () => Health is { IsFailing: true } ? 1 : 0, description: "1 while writes fail");
    }

    /// <summary>The health that the gauge shows; null before there is one.</summary>
    public WriterHealth? Health { get; init; }

    /// <param name="reason">deadlock, lock_wait or connection.</param>
    public void Repeated(string reason) => _retries.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Committed(int writes, TimeSpan duration)
    {
        _groupSize.Record(writes);
        _commitSeconds.Record(duration.TotalSeconds);
    }
}
