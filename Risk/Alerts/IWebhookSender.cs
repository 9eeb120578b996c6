namespace RiskMonitor.Risk.Alerts;

/// <summary>Delivers messages to the risk manager.</summary>
public interface IWebhookSender
{
    /// <summary>Leave to post one message, where that is known at once.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    /// <returns>Null where it must be waited for.</returns>
    DeliveryPermit? TryAcquirePermit(string desk);

    /// <summary>Waits, for as long as it takes, for leave to post one message. Not part of an attempt.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    ValueTask<DeliveryPermit> AcquirePermitAsync(string desk, CancellationToken cancellationToken);

    /// <summary>One attempt, bounded in time. Never throws for what the receiver or the network does: that is the result.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    Task<DeliveryResult> SendAsync(string desk, string deliveryId, string body, CancellationToken cancellationToken);
}
