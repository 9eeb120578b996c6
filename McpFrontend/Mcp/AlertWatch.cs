using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Live;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// Notifies all listeners of changed alerts. One query serves all of them, at an interval and as soon as a silo tells of a change; without listeners it
/// does not query.
/// </summary>
internal sealed partial class AlertWatch : BackgroundService
{
    private const int MostAtOnce = 500;

    private readonly Lock _gate = new();
    private readonly List<AlertListener> _listeners = [];
    private readonly IAlertQueries _alerts;
    private readonly McpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AlertWatch> _logger;

    /// <summary>Full when alerts have changed since the last query began.</summary>
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public AlertWatch(IAlertQueries alerts, IOptions<McpOptions> options, LiveChanges live, FrontendMetrics metrics, TimeProvider time, ILogger<AlertWatch> logger)
    {
        (_alerts, _options, _time, _logger) = (alerts, options.Value, time, logger);
        live.AlertsChanged += _ => _changed.Writer.TryWrite(true);
        metrics.ListenersAre(() => Listeners);
    }

    public int Listeners => Listening().Length;

    /// <summary>What changes from now on.</summary>
    /// <exception cref="RequestException">The user has too many already.</exception>
    public async Task<AlertListener> JoinAsync(Caller caller, CancellationToken cancellationToken)
    {
        var now = await _alerts.ChangesAsync(after: null, MostAtOnce, cancellationToken);
        var listener = new AlertListener(caller, now.End, Leave);
        lock (_gate)
        {
            var most = _options.ListenersPerUser;
            if (_listeners.Count(other => other.User == caller.Identity) >= most)
            {
                throw new RequestException(
                    RequestError.RateLimited, string.Create(CultureInfo.InvariantCulture, $"'{caller.User}' listens on {most} streams already; end one of them first"));
            }

            _listeners.Add(listener);
        }

        return listener;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.PollEvery, _time);
        var ticking = Task.CompletedTask;
        var changing = Task.CompletedTask;
        try
        {
            while (true)
            {
                ticking = ticking.IsCompleted ? timer.WaitForNextTickAsync(stoppingToken).AsTask() : ticking;
                changing = changing.IsCompleted ? _changed.Reader.ReadAsync(stoppingToken).AsTask() : changing;
                await await Task.WhenAny(ticking, changing);
                await PollAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        var listening = Listening();
        try
        {
            var isMore = listening.Length > 0;
            while (isMore)
            {
                // A listener that has just joined may be notified twice of the same change, which is harmless.
                var changes = await _alerts.ChangesAsync(listening.Min(listener => listener.SeenTo), MostAtOnce, cancellationToken);
                foreach (var listener in listening)
                {
                    listener.Notify(changes);
                }

                isMore = changes.Alerts.Count == MostAtOnce;
            }
        }
        catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
        {
            LogNotLooked(exception, listening.Length);
        }
    }

    private AlertListener[] Listening()
    {
        lock (_gate)
        {
            return [.. _listeners];
        }
    }

    private void Leave(AlertListener listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }
    }
}
