using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Posts signed messages to the one configured endpoint (Standard Webhooks 1.0).</summary>
internal sealed partial class WebhookSender : IWebhookSender, IDisposable
{
    internal const string HttpClientName = "RiskMonitor.Webhook";

    /// <summary>So much of an answer is read: enough for a reason, too little to keep a sender busy.</summary>
    private const int MostAnswerBytes = 4096;
    private const int MostDetailChars = 300;

    /// <summary>A receiver may ask for patience, not for silence.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    private readonly IHttpClientFactory _clients;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSender> _logger;
    private readonly WebhookOptions _options;
    private readonly Uri? _endpoint;
    private readonly string[] _secrets;
    private readonly SemaphoreSlim _slots;
    private volatile bool _gone;

    public WebhookSender(IHttpClientFactory clients, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider time, ILogger<WebhookSender> logger)
    {
        _clients = clients;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _options = options.Value;
        _endpoint = string.IsNullOrEmpty(_options.Url) ? null : new Uri(_options.Url);
        _secrets = [.. new[] { _options.Secret, _options.PreviousSecret }.Where(secret => !string.IsNullOrEmpty(secret)).OfType<string>()];
        _slots = new SemaphoreSlim(_options.MaxConcurrency);
    }

    public async Task<DeliveryResult> SendAsync(string desk, string deliveryId, string body, CancellationToken cancellationToken)
    {
        if (_endpoint is null)
        {
            return NoEndpoint($"{WebhookOptions.Section}:{nameof(WebhookOptions.Url)} is not set");
        }

        if (_gone)
        {
            return NoEndpoint("the endpoint answered 410 Gone before and is disabled until the next start");
        }

        if (!await _slots.WaitAsync(_options.Timeout, cancellationToken))
        {
            _metrics.Count("busy");
            return Failed($"no free slot within {_options.Timeout}: all {_options.MaxConcurrency} were waiting for the receiver");
        }

        try
        {
            return await AttemptAsync(_endpoint, deliveryId, body, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<DeliveryResult> AttemptAsync(Uri endpoint, string deliveryId, string body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Compose(endpoint, deliveryId, body);
            using var response = await _clients.CreateClient(HttpClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? Delivered(response) : await RefusedAsync(response, endpoint, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _metrics.Count("timeout");
            return Failed($"no answer within {_options.Timeout}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            _metrics.Count("unreachable");
            return Failed(exception.GetBaseException().Message);
        }
    }

    private HttpRequestMessage Compose(Uri endpoint, string deliveryId, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("RiskMonitor", null));
        request.Headers.Add(StandardWebhook.IdHeader, deliveryId);
        request.Headers.Add(StandardWebhook.TimestampHeader, StandardWebhook.Timestamp(now));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(deliveryId, now, bytes, _secrets));
        return request;
    }

    private DeliveryResult Delivered(HttpResponseMessage response)
    {
        _metrics.Count("delivered");
        return new DeliveryResult(DeliveryOutcome.Delivered, Status(response));
    }

    private async Task<DeliveryResult> RefusedAsync(HttpResponseMessage response, Uri endpoint, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            // Not a failed attempt: the alert stays pending for whoever comes next.
            _gone = true;
            _metrics.Count("gone");
            LogGone(endpoint.GetLeftPart(UriPartial.Path));
            return NoEndpoint("the endpoint answered 410 Gone and is disabled until the next start");
        }

        _metrics.Count("refused");
        var detail = response.Headers.Location is { } location
            ? $"{Status(response)}: redirects to {location} are not followed; configure the final address"
            : $"{Status(response)}: {await AnswerAsync(response, cancellationToken)}";
        return Failed(detail, RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return asked <= TimeSpan.Zero ? null : asked < LongestRetryAfter ? asked : LongestRetryAfter;
    }

    private static async Task<string> AnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[MostAnswerBytes];
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status and Retry-After are known already; they count more than the reason.
            return "the answer's body did not arrive";
        }
    }

    private static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}";

    private static DeliveryResult NoEndpoint(string detail) => new(DeliveryOutcome.NoEndpoint, detail);

    private static DeliveryResult Failed(string detail, TimeSpan? retryAfter = null) => new(DeliveryOutcome.Failed, Readable(detail), retryAfter);

    /// <summary>One short line: an answer is the receiver's text and ends in histories and logs.</summary>
    private static string Readable(string detail)
    {
        var line = string.Concat(detail.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= MostDetailChars ? line : line[..MostDetailChars] + "…";
    }
}
