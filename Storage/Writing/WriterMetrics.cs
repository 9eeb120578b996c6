using System.Diagnostics.Metrics;

namespace RiskMonitor.Storage.Writing;

/// <summary>How many writes share a commit, how long a commit takes, and whether writes fail.</summary>
internal sealed class WriterMetrics
{
    private readonly Histogram<int> _groupSize;
    private readonly Histogram<double> _commitSeconds;

    public WriterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _groupSize = meter.CreateHistogram<int>("storage_group_writes", description: "Writes that shared a commit");
        _commitSeconds = meter.CreateHistogram<double>("storage_commit_seconds", "s", "Duration of a commit, fsync included");
        meter.CreateObservableGauge("storage_failing", () => Health is { IsFailing: true } ? 1 : 0, description: "1 while writes fail");
    }

    /// <summary>The health that the gauge shows; null before there is one.</summary>
    public WriterHealth? Health { get; init; }

    public void Committed(int writes, TimeSpan duration)
    {
        _groupSize.Record(writes);
        _commitSeconds.Record(duration.TotalSeconds);
    }
}
