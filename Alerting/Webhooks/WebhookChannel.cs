using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Posts signed messages to a webhook (Standard Webhooks 1.0).</summary>
internal sealed class WebhookChannel : IEndpointChannel
{
    private const int LeastRedactedChars = 8;

    private readonly HttpExchange _exchange;
    private readonly TimeProvider _time;
    private readonly WebhookEndpoint _endpoint;
    private readonly string[] _secrets;
    private readonly IReadOnlyDictionary<string, string> _headers;

    public WebhookChannel(EndpointOptions options, HttpExchange exchange, TimeProvider time)
    {
        _exchange = exchange;
        _time = time;
        _endpoint = WebhookEndpoint.Read(options.Url ?? "", out var problem) ?? throw new ArgumentException($"the address of endpoint '{options.Name}' {problem}", nameof(options));
        _secrets = [.. new[] { options.Secret, options.PreviousSecret }.Where(secret => !string.IsNullOrEmpty(secret)).OfType<string>()];
        _headers = options.Headers;
    }

    public string Address => _endpoint.Name;

    public async Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = Compose(message);
        return await _exchange.PostAsync(request, cancellationToken);
    }

    public string Redact(string text) => _headers.Values
        .Where(value => value.Length >= LeastRedactedChars)
        .Aggregate(_endpoint.Redact(text), (redacted, value) => redacted.Replace(value, WebhookEndpoint.Hidden, StringComparison.Ordinal));

    private HttpRequestMessage Compose(OutgoingMessage message)
    {
        var bytes = Encoding.UTF8.GetBytes(message.Body);
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Address) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.Authorization = _endpoint.Credentials;
        request.Headers.Add(StandardWebhook.IdHeader, message.DeliveryId);
        request.Headers.Add(StandardWebhook.TimestampHeader, StandardWebhook.Timestamp(now));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(message.DeliveryId, now, bytes, _secrets));
        foreach (var (name, value) in _headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
