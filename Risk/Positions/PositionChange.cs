using Orleans;

namespace RiskMonitor.Risk.Positions;

/// <summary>What one delivered row change means for one desk: it holds the row from now on, or no longer holds the position.</summary>
/// <param name="After">The row as it is now, or null when the position left this desk (deleted, or moved to another one).</param>
/// <param name="Source">Identity in the source's log; null in forms that carry none, where repeats cannot be recognised.</param>
/// <param name="TransactionId">The source's transaction (gtid); null where unknown.</param>
/// <param name="Time">When the source committed it, as far as the feed says.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.PositionChange")]
public sealed record PositionChange(
    [property: Id(0)] Delivery Delivery,
    [property: Id(1)] string PositionId,
    [property: Id(2)] Position? After,
    [property: Id(3)] SourcePosition? Source,
    [property: Id(4)] string? TransactionId,
    [property: Id(5)] SourceTime? Time);

/// <summary>The clocks of a change before it reached us.</summary>
/// <param name="CommittedAt">The source database's commit time.</param>
/// <param name="CommittedToSecond">True when the source cut the time to the second (MariaDB's binlog does).</param>
/// <param name="ConnectorAt">When the connector saw the change, in milliseconds; null where the form does not carry it.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SourceTime")]
public readonly record struct SourceTime(
    [property: Id(0)] DateTimeOffset CommittedAt,
    [property: Id(1)] bool CommittedToSecond,
    [property: Id(2)] DateTimeOffset? ConnectorAt);
