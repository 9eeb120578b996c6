namespace RiskMonitor.Risk.Alerts;

/// <summary>Delivers messages to the risk manager.</summary>
public interface IWebhookSender
{
    /// <summary>Acquires permission to post one message, if that needs no wait.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    /// <returns>Null where a wait is needed.</returns>
    DeliveryPermit? TryAcquirePermit(string desk);

    /// <summary>Waits, without a time limit, for permission to post one message. The wait is not part of an attempt.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    ValueTask<DeliveryPermit> AcquirePermitAsync(string desk, CancellationToken cancellationToken);

    /// <summary>One attempt, bounded in time. Never throws for what the receiver or the network does: that is the result.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    Task<DeliveryResult> SendAsync(string desk, string deliveryId, string body, CancellationToken cancellationToken);
}
