using System.Net.Sockets;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>One endpoint: what it takes, its permits, and its channel. Nothing of it is shared with other endpoints.</summary>
internal sealed class AlertEndpoint
{
    private readonly EndpointOptions _options;
    private readonly IEndpointChannel _channel;
    private readonly EndpointPermits _permits;
    private readonly CircuitBreaker _breaker;
    private readonly EndpointMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly HashSet<string>? _desks;
    private readonly HashSet<Severity> _severities;
    private readonly HashSet<NotificationKind> _types;
    private volatile bool _gone;

    public AlertEndpoint(EndpointOptions options, IEndpointChannel channel, CircuitBreaker breaker, EndpointMetrics metrics, TimeProvider time)
    {
        _breaker = breaker;
        _options = options;
        _channel = channel;
        _metrics = metrics;
        _time = time;
        _permits = new EndpointPermits(options.MaxConcurrency, options.MaxPerMinute, time);
        _desks = options.Desks.Length == 0 ? null : options.Desks.ToHashSet(StringComparer.Ordinal);
        _severities = [.. options.Severities.Select(EndpointOptionsCheck.SeverityOf).OfType<Severity>()];
        _types = [.. options.Types.Select(EndpointOptionsCheck.TypeOf).OfType<NotificationKind>()];
        Route = new EndpointRoute(options.Name, options.Required, options.Clearance == "trader", options.After);
    }

    public string Name => _options.Name;

    public string Kind => _options.Kind;

    /// <summary>Without anything secret.</summary>
    public string Address => _channel.Address;

    public EndpointRoute Route { get; }

    /// <summary>Why nothing can be posted to it; null where it is alive.</summary>
    public string? Disabled => !_options.Enabled ? "the endpoint is switched off (enabled: false)"
        : IsGone ? "the endpoint answered 410 Gone and is disabled until the next start"
        : null;

    public bool IsGone => _gone;

    public bool Takes(string desk, Severity severity, NotificationKind kind) =>
        _options.Enabled
        && (_desks is null || _desks.Contains(desk))
        && (_severities.Count == 0 || _severities.Contains(severity))
        && (_types.Count == 0 || _types.Contains(kind));

    /// <summary>It failed several times in a row, and is left alone or tried.</summary>
    public bool IsBroken => _breaker.IsOpen;

    public DeliveryPermit? TryAcquirePermit()
    {
        if (Disabled is { } why)
        {
            return DeliveryPermit.WithoutEndpoint(why);
        }

        if (_breaker.Wait is not null || !_permits.TryAcquire())
        {
            return null;
        }

        if (_breaker.Enter(out var isProbe) is not null)
        {
            _permits.Release();
            return null;
        }

        return Granted(isProbe);
    }

    public async ValueTask<DeliveryPermit> AcquirePermitAsync(CancellationToken cancellationToken)
    {
        while (Disabled is null)
        {
            if (_breaker.Wait is { } wait)
            {
                // Wait without a permit, so that the message that tries the endpoint finds one.
                await Task.Delay(wait, _time, cancellationToken);
                continue;
            }

            await _permits.AcquireAsync(cancellationToken);
            if (Disabled is null && _breaker.Enter(out var isProbe) is null)
            {
                return Granted(isProbe);
            }

            _permits.Release();
        }

        return DeliveryPermit.WithoutEndpoint(Disabled!);
    }

    private DeliveryPermit Granted(bool isProbe) => DeliveryPermit.Granted(() =>
    {
        if (isProbe)
        {
            _breaker.EndProbe();
        }

        _permits.Release();
    });

    /// <param name="onGone">Called when the receiver says that the endpoint is no more.</param>
    /// <param name="onBroken">Called when the endpoint is left alone from now on.</param>
    public async Task<DeliveryResult> SendAsync(
        OutgoingMessage message, Action<AlertEndpoint> onGone, Action<AlertEndpoint> onBroken, CancellationToken cancellationToken)
    {
        var result = await AttemptAsync(message, onGone, cancellationToken);
        if (result.Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.Failed && _breaker.Count(result.Outcome == DeliveryOutcome.Delivered))
        {
            onBroken(this);
        }

        return result;
    }

    private async Task<DeliveryResult> AttemptAsync(OutgoingMessage message, Action<AlertEndpoint> onGone, CancellationToken cancellationToken)
    {
        if (Disabled is { } why)
        {
            return new DeliveryResult(DeliveryOutcome.NoEndpoint, why);
        }

        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var answer = await _channel.SendAsync(message, either.Token);
            _metrics.Count(Kind, answer.Outcome);
            return ResultOf(answer, onGone);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _metrics.Count(Kind, "timeout");
            return Failed($"no answer within {_options.Timeout}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            _metrics.Count(Kind, "unreachable");
            return Failed(exception.GetBaseException().Message);
        }
    }

    private DeliveryResult ResultOf(ChannelAnswer answer, Action<AlertEndpoint> onGone)
    {
        var said = answer.Answer is { } text ? RefusalText.Beginning(_channel.Redact(text)) : null;
        switch (answer.Outcome)
        {
            case ChannelAnswer.Delivered:
                return new DeliveryResult(DeliveryOutcome.Delivered, RefusalText.Line(_channel.Redact(answer.Detail)), null, answer.Status, said);
            case ChannelAnswer.Gone:
                _gone = true;
                onGone(this);
                return new DeliveryResult(DeliveryOutcome.Gone, Disabled!, null, answer.Status, said);
            default:
                return Failed(answer.Detail, answer.RetryAfter, answer.Status, said);
        }
    }

    /// <summary>The receiver may repeat the credentials that it was sent.</summary>
    private DeliveryResult Failed(string detail, TimeSpan? retryAfter = null, int? status = null, string? answer = null) =>
        new(DeliveryOutcome.Failed, RefusalText.Line(_channel.Redact(detail)), retryAfter, status, answer);
}
