using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Episodes;

/// <summary>
/// A breach from the change that crossed the limit to the one that brought the figure back. One episode has one alert; a higher severity
/// raises the same alert's revision.
/// </summary>
public sealed record Episode
{
    public required EpisodeKey Key { get; init; }

    /// <summary>1 for the desk's first episode of the key, then one more each.</summary>
    public required int Number { get; init; }

    public required Guid AlertId { get; init; }

    /// <summary>When the monitor saw the breach.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    public required decimal OpenedValue { get; init; }

    public required BreachCause Cause { get; init; }

    /// <summary>The limit by which the last revision was judged.</summary>
    public required LimitReference Limit { get; init; }

    /// <summary>Figure, threshold and severity of the last revision.</summary>
    public required decimal Value { get; init; }

    /// <summary>Unit of <see cref="Value"/> and <see cref="Threshold"/>: a currency, or <see cref="Units.Mixed"/>.</summary>
    public required string Unit { get; init; }

    public required decimal Threshold { get; init; }

    /// <summary>The highest severity of the episode so far.</summary>
    public required Severity Severity { get; init; }

    /// <summary>1 when opened; one more with each higher severity.</summary>
    public required int Revision { get; init; }

    /// <summary>The figure of largest size so far, signed.</summary>
    public required decimal PeakValue { get; init; }

    public required DateTimeOffset PeakAt { get; init; }

    public DateTimeOffset? CuredAt { get; init; }

    public CureReason? CureReason { get; init; }

    /// <summary>Opened and cured inside one database transaction: no reader of the database could have seen it.</summary>
    public bool Transient { get; init; }

    public bool IsOpen => CuredAt is null;
}

/// <summary>The limit row that judged, by id and version.</summary>
public sealed record LimitReference(string LimitId, int Version);

/// <summary>Why a breach was over.</summary>
public enum CureReason
{
    /// <summary>The figure came back.</summary>
    Figure,

    /// <summary>The limit was raised or ceased to hold.</summary>
    LimitChanged,

    /// <summary>The figure came back because a delta went missing: nobody knows whether the risk did.</summary>
    Incomplete,
}

/// <summary>What made a desk be judged in breach.</summary>
/// <param name="Delivery">The change, or the last row of the snapshot; null for a limit.</param>
public sealed record BreachCause(
    CauseKind Kind,
    Delivery? Delivery,
    string? PositionId,
    SourcePosition? Source,
    string? TransactionId,
    SourceTime? Time,
    DateTimeOffset? IngestedAt);

/// <summary>The kind of input that crossed a limit.</summary>
public enum CauseKind
{
    Position,
    Limit,
    Snapshot,
}
