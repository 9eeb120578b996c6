using System.Globalization;
using RiskMonitor.Alerting.Grouping;
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
    private readonly EndpointLog _log;
    private readonly ListComposer _lists;
    private readonly TimeProvider _time;

    /// <summary>Null where each message is sent alone.</summary>
    private readonly IGroupWindow? _window;
    private readonly HashSet<string>? _desks;
    private readonly HashSet<Severity> _severities;
    private readonly HashSet<NotificationKind> _types;
    private volatile bool _gone;

    /// <param name="rounds">Gather the messages of all silos; null: this process is alone.</param>
    public AlertEndpoint(
        EndpointOptions options, IEndpointChannel channel, CircuitBreaker breaker, ListComposer lists, EndpointMetrics metrics, EndpointLog log, IListRounds? rounds, TimeProvider time)
    {
        _lists = lists;
        _log = log;
        _breaker = breaker;
        _options = options;
        _channel = channel;
        _metrics = metrics;
        _time = time;
        _permits = new EndpointPermits(options.MaxConcurrency, options.MaxPerMinute, time);
        _desks = options.Desks.Length == 0 ? null : options.Desks.ToHashSet(StringComparer.Ordinal);
        _severities = [.. options.Severities.Select(EndpointOptionsCheck.SeverityOf).OfType<Severity>()];
        _types = [.. options.Types.Select(EndpointOptionsCheck.TypeOf).OfType<NotificationKind>()];
        var within = channel is IListChannel ? EndpointKinds.GroupWithin(options) : TimeSpan.Zero;
        _window = within <= TimeSpan.Zero ? null
            : rounds is null ? new GroupWindow(within, () => AcquireAloneAsync(CancellationToken.None), SendTogetherAsync, time)
            : new SharedWindow(Name, within, rounds, () => AcquireAloneAsync(CancellationToken.None), SendTogetherAsync, log, time);
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

    /// <summary>A message that follows another one closely waits, so that it goes in a list.</summary>
    public DeliveryPermit? TryAcquirePermit() => Disabled is null && _window?.TryGoAlone() == false ? null : TryAcquireAlone();

    public ValueTask<DeliveryPermit> AcquirePermitAsync(CancellationToken cancellationToken) =>
        Disabled is null && _window?.TryGoAlone() == false ? _window.JoinAsync(cancellationToken) : AcquireAloneAsync(cancellationToken);

    /// <summary>For a message that is never in a list.</summary>
    public DeliveryPermit? TryAcquireAlone()
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

    /// <summary>The same with a wait, without a time limit.</summary>
    public async ValueTask<DeliveryPermit> AcquireAloneAsync(CancellationToken cancellationToken)
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

    public Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        CountedAsync(token => _channel.SendAsync(message, token), cancellationToken);

    /// <summary>Sends what is in one list; a single message in its usual form.</summary>
    public async Task<DeliveryResult> SendTogetherAsync(IReadOnlyList<OutgoingMessage> messages)
    {
        if (messages is [var single])
        {
            return await SendAsync(single, CancellationToken.None);
        }

        if (_channel is not IListChannel channel)
        {
            return new DeliveryResult(DeliveryOutcome.Failed, $"the endpoint is of kind {Kind} by now, which has no lists");
        }

        var listId = "";
        var result = await CountedAsync(
            async token =>
            {
                var list = await _lists.ComposeAsync(Name, messages, token);
                listId = list.Source.DeliveryId;
                return await channel.SendListAsync(list, token);
            },
            CancellationToken.None);
        _metrics.CountList();
        return result with { Detail = string.Create(CultureInfo.InvariantCulture, $"{result.Detail} (list {listId} of {messages.Count})") };
    }

    private async Task<DeliveryResult> CountedAsync(Func<CancellationToken, Task<ChannelAnswer>> send, CancellationToken cancellationToken)
    {
        var result = await AttemptAsync(send, cancellationToken);
        if (result.Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.Failed && _breaker.Count(result.Outcome == DeliveryOutcome.Delivered))
        {
            _log.Broken(Name, Address);
        }

        return result;
    }

    private async Task<DeliveryResult> AttemptAsync(Func<CancellationToken, Task<ChannelAnswer>> send, CancellationToken cancellationToken)
    {
        if (Disabled is { } why)
        {
            return new DeliveryResult(DeliveryOutcome.NoEndpoint, why);
        }

        var answer = await ChannelAnswer.OfAsync(send, _options.Timeout, _time, cancellationToken);
        _metrics.Count(Kind, answer.Outcome);
        return ResultOf(answer);
    }

    private DeliveryResult ResultOf(ChannelAnswer answer)
    {
        var said = answer.Answer is { } text ? RefusalText.Beginning(_channel.Redact(text)) : null;
        switch (answer.Outcome)
        {
            case ChannelAnswer.Delivered:
                return new DeliveryResult(DeliveryOutcome.Delivered, RefusalText.Line(_channel.Redact(answer.Detail)), null, answer.Status, said);
            case ChannelAnswer.Gone:
                _gone = true;
                _log.Gone(Name, Address);
                return new DeliveryResult(DeliveryOutcome.Gone, Disabled!, null, answer.Status, said);
            default:
                return Failed(answer.Detail, answer.RetryAfter, answer.Status, said);
        }
    }

    /// <summary>The receiver may repeat the credentials that it was sent.</summary>
    private DeliveryResult Failed(string detail, TimeSpan? retryAfter = null, int? status = null, string? answer = null) =>
        new(DeliveryOutcome.Failed, RefusalText.Line(_channel.Redact(detail)), retryAfter, status, answer);
}
