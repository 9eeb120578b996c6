using System.Diagnostics.Metrics;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>What the ingest tells of itself.</summary>
internal static class IngestMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("cdc_events_total");
    private static long _lastHeard;

    /// <summary>Seconds of one call to a desk.</summary>
    public static readonly Histogram<double> Batch = Meter.CreateHistogram<double>("cdc_batch_seconds", "s");

    public static readonly Counter<long> Retries = Meter.CreateCounter<long>("cdc_apply_retries_total");

    /// <summary>Changes of unavailable desks that were set aside.</summary>
    public static readonly Counter<long> SetAside = Meter.CreateCounter<long>("cdc_set_aside_total");

    /// <summary>Desks that do not take their changes.</summary>
    public static readonly UpDownCounter<long> Stuck = Meter.CreateUpDownCounter<long>("cdc_desks_waiting");

    /// <summary>Partitions of which nothing is read for the sake of such desks.</summary>
    public static readonly UpDownCounter<long> Paused = Meter.CreateUpDownCounter<long>("cdc_partitions_paused");

    public static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>("cdc_dead_letters");

    static IngestMetrics() => Meter.CreateObservableGauge(
        "cdc_last_heard_age_seconds",
        () => Interlocked.Read(ref _lastHeard) is > 0 and var ticks
            ? [new Measurement<double>((DateTimeOffset.UtcNow - new DateTimeOffset(ticks, TimeSpan.Zero)).TotalSeconds)]
            : Array.Empty<Measurement<double>>(),
        "s");

    /// <param name="op">upsert, delete, snapshot, null, heartbeat, truncate, ignored, unreadable.</param>
    /// <param name="outcome">applied, repeat, companion, another_order, dead_letter, counted.</param>
    public static void Count(string op, string outcome, long events = 1) => Events.Add(
        events, new KeyValuePair<string, object?>("op", op), new KeyValuePair<string, object?>("outcome", outcome));

    public static void Heard(DateTimeOffset at) => Interlocked.Exchange(ref _lastHeard, at.UtcTicks);
}
