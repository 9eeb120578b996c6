using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>Posts signed messages to the one configured endpoint (Standard Webhooks 1.0).</summary>
internal sealed partial class WebhookSender : IWebhookSender
{
    internal const string HttpClientName = "RiskMonitor.Webhook";

    private readonly IHttpClientFactory _clients;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSender> _logger;
    private readonly WebhookOptions _options;
    private readonly WebhookEndpoint? _endpoint;
    private readonly string[] _secrets;

    /// <summary>Never disposed: attempts under way at the end of the process give their turns back after everything else.</summary>
    private readonly SemaphoreSlim _turns;
    private volatile bool _gone;

    public WebhookSender(IHttpClientFactory clients, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider time, ILogger<WebhookSender> logger)
    {
        _clients = clients;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _options = options.Value;
        _endpoint = string.IsNullOrEmpty(_options.Url) ? null : WebhookEndpoint.Read(_options.Url, out _);
        _secrets = [.. new[] { _options.Secret, _options.PreviousSecret }.Where(secret => !string.IsNullOrEmpty(secret)).OfType<string>()];
        _turns = new SemaphoreSlim(_options.MaxConcurrency);
    }

    /// <summary>Why there is no endpoint to post to; null when there is one.</summary>
    private string? NoEndpoint =>
        _endpoint is null ? $"{WebhookOptions.Section}:{nameof(WebhookOptions.Url)} is not set; alerts wait until it is, and the monitor is started again"
        : _gone ? "the endpoint answered 410 Gone and is disabled until the next start"
        : null;

    public DeliveryPermit? TryAcquirePermit(string desk) =>
        NoEndpoint is { } why ? DeliveryPermit.WithoutEndpoint(why)
        : _turns.Wait(0) ? DeliveryPermit.Granted(EndTurn)
        : null;

    public async ValueTask<DeliveryPermit> AcquirePermitAsync(string desk, CancellationToken cancellationToken)
    {
        if (NoEndpoint is null)
        {
            await _turns.WaitAsync(cancellationToken);
            if (NoEndpoint is null)
            {
                return DeliveryPermit.Granted(EndTurn);
            }

            EndTurn();
        }

        return DeliveryPermit.WithoutEndpoint(NoEndpoint);
    }

    public async Task<DeliveryResult> SendAsync(string desk, string deliveryId, string body, CancellationToken cancellationToken) =>
        _endpoint is null || _gone
            ? new DeliveryResult(DeliveryOutcome.NoEndpoint, NoEndpoint ?? "")
            : await AttemptAsync(_endpoint, deliveryId, body, cancellationToken);

    private void EndTurn() => _turns.Release();

    private async Task<DeliveryResult> AttemptAsync(WebhookEndpoint endpoint, string deliveryId, string body, CancellationToken cancellationToken)
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

    private HttpRequestMessage Compose(WebhookEndpoint endpoint, string deliveryId, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.Authorization = endpoint.Credentials;
        // Of an answer only a short reason is read.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("RiskMonitor", null));
        request.Headers.Add(StandardWebhook.IdHeader, deliveryId);
        request.Headers.Add(StandardWebhook.TimestampHeader, StandardWebhook.Timestamp(now));
        request.Headers.Add(StandardWebhook.SignatureHeader, StandardWebhook.Sign(deliveryId, now, bytes, _secrets));
        return request;
    }

    private DeliveryResult Delivered(HttpResponseMessage response)
    {
        _metrics.Count("delivered");
        return new DeliveryResult(DeliveryOutcome.Delivered, RefusalText.Line(Status(response)));
    }

    private async Task<DeliveryResult> RefusedAsync(HttpResponseMessage response, WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            _gone = true;
            _metrics.Count("gone");
            LogGone(endpoint.Name);
            return new DeliveryResult(DeliveryOutcome.Gone, "the endpoint answered 410 Gone and is disabled until the next start");
        }

        _metrics.Count("refused");
        var detail = response.Headers.Location is { } location
            ? $"{Status(response)}: redirects to {WebhookEndpoint.Masked(location.OriginalString)} are not followed; configure the final address"
            : $"{Status(response)}: {await ReasonAsync(response, cancellationToken)}";
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
        return asked <= TimeSpan.Zero ? null : asked < AlertPolicy.LongestRetryAfter ? asked : AlertPolicy.LongestRetryAfter;
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await RefusalText.ReadAsync(response.Content, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status and Retry-After are known already; they count more than the reason.
            return "the answer's body did not arrive";
        }
    }

    private static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}";

    /// <summary>The receiver may repeat the credentials that it was sent.</summary>
    private DeliveryResult Failed(string detail, TimeSpan? retryAfter = null) =>
        new(DeliveryOutcome.Failed, RefusalText.Line(_endpoint?.Redact(detail) ?? detail), retryAfter);
}
