using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using RiskMonitor.Alerting.Endpoints;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Makes the requests of a webhook: signed as Standard Webhooks 1.0 with a fresh timestamp, for each attempt anew.</summary>
internal sealed class SignedPost(EndpointOptions options, TimeProvider time)
{
    private readonly PostTarget _target = new(options, options.Url);
    private readonly string[] _secrets = [.. new[] { options.Secret, options.PreviousSecret }.Where(secret => !string.IsNullOrEmpty(secret)).OfType<string>()];

    /// <summary>As it is shown, without anything secret.</summary>
    public string Address => _target.Name;

    public string Redact(string text) => _target.Redact(text);

    /// <param name="id">The same for each attempt.</param>
    public HttpRequestMessage Of(string id, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var now = time.GetUtcNow();
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        var request = _target.Post(content);
        request.Headers.Add(StandardWebhook.IdHeader, id);
        request.Headers.Add(StandardWebhook.TimestampHeader, StandardWebhook.Timestamp(now));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(id, now, bytes, _secrets));
        return request;
    }
}
