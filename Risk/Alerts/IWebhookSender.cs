namespace RiskMonitor.Risk.Alerts;

/// <summary>Delivers messages to the risk manager.</summary>
public interface IWebhookSender
{
    /// <summary>One attempt, bounded in time. Never throws for what the receiver or the network does: that is the result.</summary>
    /// <param name="desk">The desk whose endpoint is meant.</param>
    Task<DeliveryResult> SendAsync(string desk, string deliveryId, string body, CancellationToken cancellationToken);
}
