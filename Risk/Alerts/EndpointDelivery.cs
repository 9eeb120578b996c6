namespace RiskMonitor.Risk.Alerts;

/// <summary>One message on its way to one endpoint. Endpoints do not wait for each other: each has attempts, waits and an end of its own.</summary>
/// <param name="DeliveryId">The <c>webhook-id</c>: the same over the retries at this endpoint, and another at each other endpoint.</param>
/// <param name="Required">The alert is delivered when one of the required endpoints answers 2xx.</param>
/// <param name="Drivers">The endpoint may see what lies below the desk.</param>
/// <param name="Attempts">Attempts begun: posts to the receiver. A wait for a permit or for an endpoint is none.</param>
/// <param name="InFlight">An attempt was begun and its end is not known.</param>
/// <param name="NextAttemptAt">When the next attempt is due, or, in flight, when the attempt counts as lost. Null when nothing more is to be sent, and without an endpoint.</param>
/// <param name="LastError">Why the last attempt failed, or why there is no endpoint.</param>
/// <param name="NoEndpoint">There is no endpoint: the message waits unchanged until there is one.</param>
public sealed record EndpointDelivery(
    string DeliveryId,
    string Endpoint,
    bool Required,
    bool Drivers,
    int Attempts,
    bool InFlight,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? DeliveredAt,
    string? LastError,
    bool NoEndpoint = false)
{
    /// <summary>No attempt is left: a dead letter of this endpoint.</summary>
    public bool Exhausted { get; init; }

    /// <summary>The receiver's last status; null where it gave none.</summary>
    public int? LastStatus { get; init; }

    /// <summary>How long the last attempt took.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>The beginning of the receiver's last answer.</summary>
    public string? LastAnswer { get; init; }

    /// <summary>The version of the alert's row with which this delivery was last changed, so that only changed deliveries are written.</summary>
    public long Version { get; init; }

    /// <summary>It is still to be delivered: not delivered, given up or overtaken.</summary>
    public bool IsPending => DeliveredAt is null && (InFlight || NoEndpoint || NextAttemptAt is not null);

    public DeliveryState State =>
        DeliveredAt is not null ? DeliveryState.Delivered
        : InFlight ? DeliveryState.InFlight
        : NoEndpoint ? DeliveryState.WaitingForEndpoint
        : NextAttemptAt is not null ? DeliveryState.Pending
        : Exhausted ? DeliveryState.DeadLetter
        : DeliveryState.Ended;
}

/// <summary>Where a delivery to an endpoint stands.</summary>
public enum DeliveryState
{
    Pending,
    InFlight,
    WaitingForEndpoint,
    Delivered,
    DeadLetter,

    /// <summary>Nothing more is sent: an acknowledgement, the end of the breach or a newer message made it unnecessary.</summary>
    Ended,
}

/// <summary>An endpoint to which a message is to go.</summary>
/// <param name="Endpoint">Its name.</param>
/// <param name="Required">The alert counts as delivered when one of the required endpoints answers 2xx.</param>
/// <param name="Drivers">It may see what lies below the desk.</param>
/// <param name="After">It gets the message only if nobody has acknowledged the revision for so long: a step of an escalation.</param>
public sealed record EndpointRoute(string Endpoint, bool Required = true, bool Drivers = true, TimeSpan After = default)
{
    /// <summary>The endpoint of section <c>Webhook</c>, which also stands for the endpoint of messages that no endpoint takes.</summary>
    public const string DefaultEndpoint = "webhook";

    /// <summary>Where no endpoint takes a message, it waits under this name.</summary>
    public const string NoEndpoint = "(none)";

    public static readonly EndpointRoute Default = new(DefaultEndpoint);

    public static readonly EndpointRoute None = new(NoEndpoint);
}

/// <summary>Decides which endpoints a message goes to.</summary>
public interface IAlertRoutes
{
    /// <summary>The endpoints that take this kind of message about this alert, as they are configured now. Empty: none does.</summary>
    IReadOnlyList<EndpointRoute> For(Alert alert, NotificationKind kind);
}
