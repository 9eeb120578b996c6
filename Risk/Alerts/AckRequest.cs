namespace RiskMonitor.Risk.Alerts;

/// <summary>An acknowledgement as it was sent.</summary>
/// <param name="By">The authenticated caller.</param>
/// <param name="PayloadSha256">Hex SHA-256 of the body that the caller read; null when not given.</param>
public sealed record AckRequest(
    string By,
    string? OnBehalfOf,
    string? Comment,
    Disposition? Disposition,
    string? DeliveryId,
    string? PayloadSha256);

/// <summary>The answer to an ack.</summary>
/// <param name="Problem">What to change; null when accepted.</param>
/// <param name="CurrentDeliveryId">The delivery to acknowledge instead, on a conflict.</param>
/// <param name="ConsumedAt">When the ack that stands was made: the first one, also where it is repeated.</param>
/// <param name="By">Who made it; null where none stands.</param>
/// <param name="OnBehalfOf">Whom that caller named.</param>
public sealed record AckAnswer(
    AckOutcome Outcome,
    AlertStatus? Status,
    int Revision,
    DateTimeOffset? ConsumedAt,
    string? Problem,
    string? CurrentDeliveryId,
    string? By = null,
    string? OnBehalfOf = null);

/// <summary>The kinds of answer to an ack.</summary>
public enum AckOutcome
{
    Accepted,

    /// <summary>The current revision was acknowledged before; nothing changed.</summary>
    Repeated,

    NotFound,

    /// <summary>It speaks of an older revision, or of one not delivered yet.</summary>
    Conflict,

    Invalid,
}
