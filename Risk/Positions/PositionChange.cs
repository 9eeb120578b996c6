namespace RiskMonitor.Risk.Positions;

/// <summary>What one delivered row change means for one desk: it holds the row from now on, or no longer holds the position.</summary>
/// <param name="After">The row as it is now, or null when the position left this desk (deleted, or moved to another one).</param>
/// <param name="Source">Identity in the source's log; null in forms that carry none, which cannot tell repeats.</param>
/// <param name="TransactionId">The source's transaction (gtid); null where unknown.</param>
/// <param name="Time">When the source committed it, as far as the feed tells.</param>
public sealed record PositionChange(
    Delivery Delivery,
    string PositionId,
    Position? After,
    SourcePosition? Source,
    string? TransactionId,
    SourceTime? Time);

/// <summary>The clocks of a change before it reached us.</summary>
/// <param name="CommittedAt">The source database's commit time.</param>
/// <param name="CommittedToSecond">True when the source cut the time to the second (MariaDB's binlog does).</param>
/// <param name="ConnectorAt">When the connector saw the change, in milliseconds; null where the form does not carry it.</param>
public readonly record struct SourceTime(DateTimeOffset CommittedAt, bool CommittedToSecond, DateTimeOffset? ConnectorAt);
