using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>Instruments of the ingest. No desk, position or topic is a label.</summary>
internal sealed class IngestMetrics
{
    private readonly Counter<long> _events;
    private readonly Histogram<double> _batch;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _setAside;
    private readonly UpDownCounter<long> _waiting;
    private readonly UpDownCounter<long> _paused;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _deadLetterWrites;
    private readonly ConcurrentDictionary<int, long> _lag = new();
    private readonly ConcurrentDictionary<FeedPartition, DateTimeOffset> _heard = new();

    /// <summary>Partitions that Kafka assigns to this process; true: they are read.</summary>
    private readonly ConcurrentDictionary<int, bool> _assigned = new();
    private long _applied;

    public IngestMetrics(IMeterFactory meters, TimeProvider clock)
    {
        var meter = meters.Create("RiskMonitor");
        _events = meter.CreateCounter<long>("cdc_events_total", description: "Messages read from the feed");
        _batch = meter.CreateHistogram<double>("cdc_batch_seconds", "s", "Duration of one call to a desk");
        _retries = meter.CreateCounter<long>("cdc_apply_retries_total", description: "Calls to desks that failed and are repeated");
        _deadLetters = meter.CreateCounter<long>("cdc_dead_letters_total", description: "Messages that could not be read");
        _setAside = meter.CreateCounter<long>("cdc_set_aside_total", description: "Changes of unavailable desks that were set aside");
        _waiting = meter.CreateUpDownCounter<long>("cdc_desks_waiting", description: "Desks that do not take their changes");
        _paused = meter.CreateUpDownCounter<long>("cdc_partitions_paused", description: "Partitions that are not read on because of such desks");
        _rebalances = meter.CreateCounter<long>("cdc_rebalances_total", description: "Partitions that the consumer group gave to this ingest or took from it");
        _deadLetterWrites = meter.CreateCounter<long>("cdc_dead_letter_writes_total", description: "Attempts to write to the dead-letter topic");
        meter.CreateObservableGauge(
            "cdc_partition_lag",
            () => _lag.Select(lag => new Measurement<long>(lag.Value, new KeyValuePair<string, object?>("partition", lag.Key.ToString(CultureInfo.InvariantCulture)))),
            description: "Messages that this ingest has not done yet, by partition of the topic");
        meter.CreateObservableGauge(
            "cdc_applied_age_seconds",
            () => Interlocked.Read(ref _applied) is > 0 and var ticks
                ? [new Measurement<double>((clock.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero)).TotalSeconds)]
                : Array.Empty<Measurement<double>>(),
            "s",
            "Age of the newest change whose effect is durable, by the source's clock");
        meter.CreateObservableGauge(
            "cdc_last_heard_age_seconds",
            () => _heard.Values is { Count: > 0 } heard
                ? [new Measurement<double>((clock.GetUtcNow() - heard.Min()).TotalSeconds)]
                : Array.Empty<Measurement<double>>(),
            "s",
            "Time since the partition was last heard of that has been silent the longest; absent while none is read");
        meter.CreateObservableGauge(
            "cdc_partitions_unread",
            () => _assigned.Values.LongCount(isRead => !isRead),
            description: "Partitions that Kafka assigns to this ingest and that it does not read yet, or not any more");
    }

    /// <param name="op">upsert, delete, snapshot, null, heartbeat, truncate, schema_change, transaction, other_table, unreadable.</param>
    /// <param name="outcome">applied, repeat, superseded, companion, another_order, dead_letter, counted.</param>
    public void Count(string op, string outcome, long events = 1) => _events.Add(
        events, new KeyValuePair<string, object?>("op", op), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>A desk has answered.</summary>
    public void Applied(TimeSpan took) => _batch.Record(took.TotalSeconds);

    public void Retried() => _retries.Add(1);

    public void SetAside(int changes) => _setAside.Add(changes);

    /// <param name="desks">How many more do not take their changes; negative: how many do again.</param>
    public void Waiting(int desks) => _waiting.Add(desks);

    /// <param name="partitions">How many more are not read on; negative: how many are again.</param>
    public void Paused(int partitions) => _paused.Add(partitions);

    /// <param name="change">assigned, revoked, lost.</param>
    public void Rebalanced(string change, int partitions) => _rebalances.Add(partitions, new KeyValuePair<string, object?>("change", change));

    /// <param name="outcome">written, failed.</param>
    public void DeadLetterWrite(string outcome) => _deadLetterWrites.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="messages">Null: the partition is another ingest's.</param>
    public void Lag(int partition, long? messages)
    {
        if (messages is { } known)
        {
            _lag[partition] = known;
        }
        else
        {
            _lag.TryRemove(partition, out _);
        }
    }

    /// <param name="through">Commit time of the newest change that is durable.</param>
    public void OnApplied(DateTimeOffset through)
    {
        // Several partitions store at a time, and the newest of them counts.
        for (var known = Interlocked.Read(ref _applied); through.UtcTicks > known; known = Interlocked.Read(ref _applied))
        {
            if (Interlocked.CompareExchange(ref _applied, through.UtcTicks, known) == known)
            {
                return;
            }
        }
    }

    public void DeadLetter() => _deadLetters.Add(1);

    /// <param name="partition">What a pipeline reads: one partition, or a feed as a whole.</param>
    public void OnHeartbeat(FeedPartition partition, DateTimeOffset at) => _heard[partition] = at;

    /// <summary>The pipeline has ended: its silence from now on says nothing.</summary>
    public void Forget(FeedPartition partition) => _heard.TryRemove(partition, out _);

    /// <param name="isRead">Null: Kafka has taken the partition.</param>
    public void Assigned(int partition, bool? isRead)
    {
        if (isRead is { } known)
        {
            _assigned[partition] = known;
        }
        else
        {
            _assigned.TryRemove(partition, out _);
        }
    }
}
