using System.Net.Http.Headers;
using System.Text;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Where an endpoint's messages are posted to, with the credentials and headers of its options.</summary>
internal sealed class PostTarget
{
    private const int LeastRedactedChars = 8;

    private readonly WebhookEndpoint _endpoint;
    private readonly Dictionary<string, string> _headers;
    private readonly AuthenticationHeaderValue? _credentials;
    private readonly string?[] _secrets;

    /// <param name="url">The address, which was checked.</param>
    public PostTarget(EndpointOptions options, string? url)
    {
        _endpoint = WebhookEndpoint.Read(url ?? "", out var problem) ?? throw new ArgumentException($"the address of endpoint '{options.Name}' {problem}", nameof(url));
        _headers = options.Headers;
        var basic = string.IsNullOrEmpty(options.User) ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
        _credentials = basic is null ? _endpoint.Credentials : new AuthenticationHeaderValue("Basic", basic);
        _secrets = [basic, options.Password];
    }

    /// <summary>As it is shown, without anything secret.</summary>
    public string Name => _endpoint.Name;

    public Uri Address => _endpoint.Address;

    public HttpRequestMessage Post(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Address) { Content = content };
        request.Headers.Authorization = _credentials;
        foreach (var (name, value) in _headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>A text without credentials and values of headers. Short ones stay, because they would be found in ordinary words.</summary>
    /// <param name="more">What else is secret.</param>
    public string Redact(string text, params IEnumerable<string?> more) => _headers.Values
        .Concat(more)
        .Concat(_secrets)
        .OfType<string>()
        .Where(secret => secret.Length >= LeastRedactedChars)
        .Aggregate(_endpoint.Redact(text), (redacted, secret) => redacted.Replace(secret, WebhookEndpoint.Hidden, StringComparison.Ordinal));
}
