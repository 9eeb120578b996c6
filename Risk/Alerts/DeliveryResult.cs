using Orleans;

namespace RiskMonitor.Risk.Alerts;

/// <summary>The result of an attempt to deliver.</summary>
/// <param name="Detail">For the history: the status code or the error.</param>
/// <param name="RetryAfter">What the receiver asked for.</param>
/// <param name="Status">The receiver's status code; null where there was no answer.</param>
/// <param name="Answer">The beginning of the receiver's answer, at most 1 kB.</param>
/// <param name="Took">How long the attempt took.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeliveryResult")]
public sealed record DeliveryResult(
    [property: Id(0)] DeliveryOutcome Outcome,
    [property: Id(1)] string Detail,
    [property: Id(2)] TimeSpan? RetryAfter = null,
    [property: Id(3)] int? Status = null,
    [property: Id(4)] string? Answer = null,
    [property: Id(5)] TimeSpan? Took = null);

/// <summary>The kinds of result of an attempt.</summary>
public enum DeliveryOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>Anything else; worth another attempt.</summary>
    Failed,

    /// <summary>Nothing was posted, because there is no endpoint any more: not an attempt, and no reason to give up.</summary>
    NoEndpoint,

    /// <summary>The receiver answered that the endpoint is gone: a failed attempt, and no reason to give up.</summary>
    Gone,
}
