using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Silo.Live;

/// <summary>
/// Gathers what changes on this silo and publishes it some times a second, so that a busy desk costs the stream no more than a quiet one. A desk's turn
/// only adds a name to a set.
/// </summary>
internal sealed partial class LivePublisher(IServiceProvider services, TimeProvider clock, ILogger<LivePublisher> logger) : BackgroundService, IRiskObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private HashSet<string> _desks = new(StringComparer.Ordinal);
    private HashSet<Guid> _alerts = [];

    public void OnRecorded(JournalRecord record)
    {
        lock (_lock)
        {
            _desks.Add(record.Desk);
        }
    }

    public void OnAlertChanged(Alert alert, IReadOnlyList<AlertEvent> events)
    {
        lock (_lock)
        {
            _alerts.Add(alert.AlertId);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (Next() is { } update)
                {
                    await TryPublishAsync(LiveStream.Of(services), update, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private LiveUpdate? Next()
    {
        lock (_lock)
        {
            if (_desks.Count + _alerts.Count == 0)
            {
                return null;
            }

            var update = new LiveUpdate([.. _desks], [.. _alerts]);
            _desks = new HashSet<string>(StringComparer.Ordinal);
            _alerts = [];
            return update;
        }
    }

    private async Task TryPublishAsync(IAsyncStream<LiveUpdate> stream, LiveUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            await stream.OnNextAsync(update).WaitAsync(s_timeout, clock, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Frontends read at their own interval, too.
            LogLost(exception, update.Desks.Count, update.Alerts.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Changes of {Desks} desks and {Alerts} alerts were not published; frontends see them when they read next")]
    private partial void LogLost(Exception exception, int desks, int alerts);
}
