using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Posts signed messages to a webhook (Standard Webhooks 1.0).</summary>
internal sealed class WebhookChannel(EndpointOptions options, HttpExchange exchange, TimeProvider time) : IEndpointChannel
{
    private readonly SignedPost _post = new(options, time);

    public string Address => _post.Address;

    public async Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = _post.Of(message.DeliveryId, message.Body);
        return await exchange.PostAsync(request, cancellationToken);
    }

    public string Redact(string text) => _post.Redact(text);
}
