using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Messages;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Channels;

/// <summary>Posts JSON in a receiver's own form. The address of such a receiver is itself a secret, so only its host is ever shown.</summary>
/// <param name="compose">Writes the message; the same one for each retry.</param>
internal sealed class JsonChannel(EndpointOptions options, string url, Func<AlertCard, JsonObject> compose, AlertLinks links, HttpExchange exchange) : IListChannel
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PostTarget _target = new(options, url);

    public string Address => _target.Address.GetLeftPart(UriPartial.Authority);

    public Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => SendListAsync(AlertCard.Of(message, links), cancellationToken);

    public async Task<ChannelAnswer> SendListAsync(AlertCard card, CancellationToken cancellationToken)
    {
        var content = new StringContent(compose(card).ToJsonString(s_plain));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json, "utf-8");
        using var request = _target.Post(content);
        return await exchange.PostAsync(request, cancellationToken);
    }

    /// <summary>Without credentials, header values, the routing key, and what follows the host in the address.</summary>
    public string Redact(string text) => _target.Redact(text, options.RoutingKey, _target.Address.PathAndQuery);
}
