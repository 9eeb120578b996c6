using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Where an endpoint's messages are posted to, with the credentials and headers of its options.</summary>
internal sealed class PostTarget
{
    private readonly WebhookEndpoint _endpoint;
    private readonly Dictionary<string, string> _headers;

    /// <param name="url">The address, which was checked.</param>
    public PostTarget(EndpointOptions options, string? url)
    {
        var address = WebhookEndpoint.Read(url ?? "", out var problem) ?? throw new ArgumentException($"the address of endpoint '{options.Name}' {problem}", nameof(url));
        _endpoint = string.IsNullOrEmpty(options.User) ? address : address.With(options.User, options.Password);
        _headers = options.Headers;
    }

    /// <summary>As it is shown, without anything secret.</summary>
    public string Name => _endpoint.Name;

    public Uri Address => _endpoint.Address;

    public HttpRequestMessage Post(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Address) { Content = content };
        request.Headers.Authorization = _endpoint.Credentials;
        foreach (var (name, value) in _headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>A text without credentials and values of headers.</summary>
    /// <param name="more">What else is secret.</param>
    public string Redact(string text, params IEnumerable<string?> more) => _endpoint.Redact(text, _headers.Values.Concat(more));
}
