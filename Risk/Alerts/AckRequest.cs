using Orleans;

namespace RiskMonitor.Risk.Alerts;

/// <summary>An acknowledgement as it was sent.</summary>
/// <param name="By">The authenticated caller.</param>
/// <param name="PayloadSha256">Hex SHA-256 of the body that the caller read; null when not given.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.AckRequest")]
public sealed record AckRequest(
    [property: Id(0)] string By,
    [property: Id(1)] string? OnBehalfOf,
    [property: Id(2)] string? Comment,
    [property: Id(3)] Disposition? Disposition,
    [property: Id(4)] string? DeliveryId,
    [property: Id(5)] string? PayloadSha256);

/// <summary>The answer to an ack.</summary>
/// <param name="Problem">What to change; null when accepted.</param>
/// <param name="CurrentDeliveryId">The delivery to acknowledge instead, on a conflict.</param>
/// <param name="ConsumedAt">When the valid ack was made: the first one, also where it is repeated.</param>
/// <param name="By">Who made that ack; null where there is none.</param>
/// <param name="OnBehalfOf">Whom that caller named.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.AckAnswer")]
public sealed record AckAnswer(
    [property: Id(0)] AckOutcome Outcome,
    [property: Id(1)] AlertStatus? Status,
    [property: Id(2)] int Revision,
    [property: Id(3)] DateTimeOffset? ConsumedAt,
    [property: Id(4)] string? Problem,
    [property: Id(5)] string? CurrentDeliveryId,
    [property: Id(6)] string? By = null,
    [property: Id(7)] string? OnBehalfOf = null);

/// <summary>The kinds of answer to an ack.</summary>
public enum AckOutcome
{
    Accepted,

    /// <summary>The current revision was acknowledged before; nothing changed.</summary>
    Repeated,

    NotFound,

    /// <summary>It names an older revision, or one that is not delivered yet.</summary>
    Conflict,

    Invalid,
}
