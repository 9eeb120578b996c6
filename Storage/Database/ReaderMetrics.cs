using System.Diagnostics.Metrics;

namespace RiskMonitor.Storage.Database;

/// <summary>How long reads wait for a connection, by pool, and how many were ended before their end.</summary>
internal sealed class ReaderMetrics
{
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _interrupted;

    public ReaderMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _wait = meter.CreateHistogram<double>("storage_read_wait_seconds", "s", "Time from asking for a read until it began");
        _interrupted = meter.CreateCounter<long>("storage_reads_interrupted_total", description: "Reads that were ended because they took too long, or nobody waited any more");
    }

    public void Began(ReadPool pool, TimeSpan waited) => _wait.Record(waited.TotalSeconds, Label(pool));

    public void Interrupted(ReadPool pool) => _interrupted.Add(1, Label(pool));

    private static KeyValuePair<string, object?> Label(ReadPool pool) => new("pool", pool switch
    {
        ReadPool.Activation => "activation",
        ReadPool.LookUp => "look_up",
        ReadPool.Query => "query",
        _ => "upkeep",
    });
}
