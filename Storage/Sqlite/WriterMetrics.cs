using System.Diagnostics.Metrics;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class WriterMetrics
{
    private readonly Histogram<int> _groupSize;
    private readonly Histogram<double> _commitSeconds;

    public WriterMetrics(IMeterFactory meters, WriterHealth health)
    {
        var meter = meters.Create("RiskMonitor");
        _groupSize = meter.CreateHistogram<int>("storage_group_writes", description: "Writes that shared a commit");
        _commitSeconds = meter.CreateHistogram<double>("storage_commit_seconds", "s", "Duration of a commit, fsync included");
        meter.CreateObservableGauge("storage_failing", () => health.IsFailing ? 1 : 0, description: "1 while writes fail");
    }

    public void Committed(int writes, TimeSpan duration)
    {
        _groupSize.Record(writes);
        _commitSeconds.Record(duration.TotalSeconds);
    }
}
