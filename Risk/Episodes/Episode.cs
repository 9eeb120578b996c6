using Orleans;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Episodes;

/// <summary>
/// A breach from the change that crossed the limit to the one that brought the figure back. One episode has one alert; a higher severity
/// raises the same alert's revision.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Episode")]
public sealed record Episode
{
    [Id(0)]
    public required EpisodeKey Key { get; init; }

    /// <summary>1 for the desk's first episode of the key, then one more each.</summary>
    [Id(1)]
    public required int Number { get; init; }

    [Id(2)]
    public required Guid AlertId { get; init; }

    /// <summary>When the monitor saw the breach.</summary>
    [Id(3)]
    public required DateTimeOffset OpenedAt { get; init; }

    [Id(4)]
    public required decimal OpenedValue { get; init; }

    [Id(5)]
    public required BreachCause Cause { get; init; }

    /// <summary>The limit by which the last revision was judged.</summary>
    [Id(6)]
    public required LimitReference Limit { get; init; }

    /// <summary>Figure, threshold and severity of the last revision.</summary>
    [Id(7)]
    public required decimal Value { get; init; }

    /// <summary>Unit of <see cref="Value"/> and <see cref="Threshold"/>: a currency, or <see cref="Units.Mixed"/>.</summary>
    [Id(16)]
    public required string Unit { get; init; }

    [Id(8)]
    public required decimal Threshold { get; init; }

    /// <summary>The highest severity of the episode so far.</summary>
    [Id(9)]
    public required Severity Severity { get; init; }

    /// <summary>1 when opened; one more with each higher severity.</summary>
    [Id(10)]
    public required int Revision { get; init; }

    /// <summary>The figure of largest size so far, signed.</summary>
    [Id(11)]
    public required decimal PeakValue { get; init; }

    [Id(12)]
    public required DateTimeOffset PeakAt { get; init; }

    [Id(13)]
    public DateTimeOffset? CuredAt { get; init; }

    [Id(14)]
    public CureReason? CureReason { get; init; }

    /// <summary>Opened and cured inside one database transaction: no reader of the database can have seen it.</summary>
    [Id(15)]
    public bool Transient { get; init; }

    public bool IsOpen => CuredAt is null;
}

/// <summary>The limit row that judged, by id and version.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.LimitReference")]
public sealed record LimitReference(
    [property: Id(0)] string LimitId,
    [property: Id(1)] int Version);

/// <summary>Why a breach was over.</summary>
public enum CureReason
{
    /// <summary>The figure came back.</summary>
    Figure,

    /// <summary>The limit was raised or ceased to hold.</summary>
    LimitChanged,

    /// <summary>The figure came back because a delta went missing, so it is unknown whether the risk came back.</summary>
    Incomplete,
}

/// <summary>What made a desk be judged in breach.</summary>
/// <param name="Delivery">The change, or the last row of the snapshot; null for a limit.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.BreachCause")]
public sealed record BreachCause(
    [property: Id(0)] CauseKind Kind,
    [property: Id(1)] Delivery? Delivery,
    [property: Id(2)] string? PositionId,
    [property: Id(3)] SourcePosition? Source,
    [property: Id(4)] string? TransactionId,
    [property: Id(5)] SourceTime? Time,
    [property: Id(6)] DateTimeOffset? IngestedAt);

/// <summary>The kind of input that crossed a limit.</summary>
public enum CauseKind
{
    Position,
    Limit,
    Snapshot,
}
