using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Messages;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Channels;

/// <summary>Posts JSON in a receiver's own form. The address of such a receiver is itself a secret, so only its host is ever shown.</summary>
/// <param name="compose">Writes the message; the same one for each retry.</param>
internal sealed class JsonChannel(EndpointOptions options, string url, Func<AlertCard, JsonObject> compose, AlertLinks links, HttpExchange exchange) : IEndpointChannel
{
    private const int LeastRedactedChars = 8;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WebhookEndpoint _endpoint =
        WebhookEndpoint.Read(url, out var problem) ?? throw new ArgumentException($"the address of endpoint '{options.Name}' {problem}", nameof(url));

    public string Address => _endpoint.Address.GetLeftPart(UriPartial.Authority);

    public async Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var body = compose(AlertCard.Of(message, links)).ToJsonString(s_plain);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Address) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json, "utf-8");
        request.Headers.Authorization = _endpoint.Credentials;
        foreach (var (name, value) in options.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await exchange.PostAsync(request, cancellationToken);
    }

    /// <summary>Without credentials, header values, the routing key, and what follows the host in the address.</summary>
    public string Redact(string text) => options.Headers.Values
        .Concat([options.RoutingKey, _endpoint.Address.PathAndQuery])
        .OfType<string>()
        .Where(secret => secret.Length >= LeastRedactedChars)
        .Aggregate(_endpoint.Redact(text), (redacted, secret) => redacted.Replace(secret, WebhookEndpoint.Hidden, StringComparison.Ordinal));
}
