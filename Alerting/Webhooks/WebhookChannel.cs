using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Posts signed messages to a webhook (Standard Webhooks 1.0).</summary>
internal sealed class WebhookChannel(EndpointOptions options, HttpExchange exchange, TimeProvider time) : IEndpointChannel
{
    private readonly PostTarget _target = new(options, options.Url);
    private readonly string[] _secrets = [.. new[] { options.Secret, options.PreviousSecret }.Where(secret => !string.IsNullOrEmpty(secret)).OfType<string>()];

    public string Address => _target.Name;

    public async Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = Compose(message);
        return await exchange.PostAsync(request, cancellationToken);
    }

    public string Redact(string text) => _target.Redact(text);

    private HttpRequestMessage Compose(OutgoingMessage message)
    {
        var bytes = Encoding.UTF8.GetBytes(message.Body);
        var now = time.GetUtcNow();
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        var request = _target.Post(content);
        request.Headers.Add(StandardWebhook.IdHeader, message.DeliveryId);
        request.Headers.Add(StandardWebhook.TimestampHeader, StandardWebhook.Timestamp(now));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(message.DeliveryId, now, bytes, _secrets));
        return request;
    }
}
