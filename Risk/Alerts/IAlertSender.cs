using Orleans;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Delivers messages to the endpoints. Each endpoint has its own permits, so that a slow one delays no other.</summary>
public interface IAlertSender
{
    /// <summary>Acquires permission to post one message, if that needs no wait.</summary>
    /// <param name="endpoint">The endpoint's name.</param>
    /// <returns>Null where a wait is needed.</returns>
    DeliveryPermit? TryAcquirePermit(string endpoint);

    /// <summary>The same for a message that is never put into a list with others, such as a test message.</summary>
    DeliveryPermit? TryAcquirePermitAlone(string endpoint) => TryAcquirePermit(endpoint);

    /// <summary>Waits, without a time limit, for permission to post one message. The wait is not part of an attempt.</summary>
    /// <param name="endpoint">The endpoint's name.</param>
    ValueTask<DeliveryPermit> AcquirePermitAsync(string endpoint, CancellationToken cancellationToken);

    /// <summary>The same for a list that was gathered already.</summary>
    ValueTask<DeliveryPermit> AcquirePermitAloneAsync(string endpoint, CancellationToken cancellationToken) => AcquirePermitAsync(endpoint, cancellationToken);

    /// <summary>One attempt with several messages to one endpoint as one list; a single message in its usual form.</summary>
    Task<DeliveryResult> SendTogetherAsync(string endpoint, IReadOnlyList<OutgoingMessage> messages);

    /// <summary>One attempt, bounded in time. Never throws for what the receiver or the network does: that is the result.</summary>
    Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken);
}

/// <summary>A message as it is to be posted to one endpoint.</summary>
/// <param name="Body">The frozen body, as a webhook gets it. Other kinds of endpoint are told the same in their own form.</param>
/// <param name="CreatedAt">When the message was written; links in it expire counted from then, so that retries send the same bytes.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.OutgoingMessage")]
public sealed record OutgoingMessage(
    [property: Id(0)] string Endpoint,
    [property: Id(1)] string DeliveryId,
    [property: Id(2)] Guid AlertId,
    [property: Id(3)] int Revision,
    [property: Id(4)] NotificationKind Kind,
    [property: Id(5)] string Body,
    [property: Id(6)] DateTimeOffset CreatedAt)
{
    /// <summary>It tells of no breach: an operator tries the endpoint.</summary>
    [Id(7)]
    public bool IsTest { get; init; }

    /// <summary>A message that tells of no breach.</summary>
    public static OutgoingMessage Test(string endpoint, DateTimeOffset now)
    {
        var id = AlertIdentity.Named($"test/{endpoint}/{now.UtcTicks}");
        return new OutgoingMessage(endpoint, $"dlv_{id:N}", id, 1, NotificationKind.Opened, AlertDocument.TestBody(id, endpoint, now), now) { IsTest = true };
    }

    public static OutgoingMessage Of(Alert alert, PostMessage post) => new(
        post.Delivery.Endpoint,
        post.Delivery.DeliveryId,
        alert.AlertId,
        post.Notification.Revision,
        post.Notification.Kind,
        AlertDocument.BodyFor(post.Notification.Body, post.Delivery.Drivers),
        post.Notification.CreatedAt);
}
