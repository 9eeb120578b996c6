using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Silo;

/// <summary>
/// Finds work that no call or timer would resume: reports that did not reach their alert, alerts that are overdue, and desks whose limits changed while
/// they were inactive. At start it resumes everything unfinished. It may run twice, on every silo, and at any moment.
/// </summary>
internal sealed partial class Sweep(
    IGrainFactory grains,
    IDeskJournal journal,
    IJournalRetention retention,
    IAlertStore alerts,
    IAlertQueries queries,
    ILimitStore limits,
    AlertGauges gauges,
    IOptions<SweepOptions> options,
    TimeProvider clock,
    ILogger<Sweep> logger) : BackgroundService
{
    private const int AtOnce = 32;

    /// <summary>Where the last sweep over due alerts ended: those that stay due, however many, must not hide the others.</summary>
    private DueAlert? _lastDue;

    /// <summary>Alerts that could not be taken up; what waits for an endpoint would not be found again before the next start.</summary>
    private ConcurrentQueue<Guid> _again = new();
    private bool _tookUpAll;

    /// <summary>By desk: the version that it had stored when it was refreshed, and the version of the limit table then.</summary>
    private readonly ConcurrentDictionary<string, (long Stored, long Table)> _refreshed = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await SweepAsync(atStart: true, stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync(atStart: false, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task SweepAsync(bool atStart, CancellationToken cancellationToken)
    {
        await DoAsync("limits", () => RefreshDesksAsync(cancellationToken), cancellationToken);
        await DoAsync("reports", () => SendReportsAsync(atStart, cancellationToken), cancellationToken);
        await DoAsync("alerts", () => EvaluateAlertsAsync(cancellationToken), cancellationToken);
        await DoAsync("gauges", () => gauges.CountAsync(queries, cancellationToken), cancellationToken);
        await DoAsync("states", () => retention.KeepStatesAsync(clock.GetUtcNow(), cancellationToken), cancellationToken);
        await DoAsync("retention", () => PruneAsync(cancellationToken), cancellationToken);
    }

    private async Task RefreshDesksAsync(CancellationToken cancellationToken)
    {
        var version = await limits.VersionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var behind = (await journal.DesksAsync(cancellationToken)).Where(desk => desk.NextValidityInstant <= now || MayHaveOtherLimits(desk, version));
        await ForEachAsync(behind, RefreshAsync, cancellationToken);

        async Task RefreshAsync(DeskHead desk)
        {
            await grains.GetGrain<IDeskRiskGrain>(desk.Desk).RefreshLimitsAsync();
            _refreshed[desk.Desk] = (desk.LimitsVersion, version);
        }
    }

    /// <summary>A desk that is refreshed after a change that does not concern it writes nothing, so its stored version stays behind. Refresh it once.</summary>
    private bool MayHaveOtherLimits(DeskHead desk, long version) =>
        desk.LimitsVersion < version && _refreshed.GetValueOrDefault(desk.Desk) != (desk.LimitsVersion, version);

    private async Task SendReportsAsync(bool all, CancellationToken cancellationToken)
    {
        var before = all ? (DateTimeOffset?)null : clock.GetUtcNow() - options.Value.Grace;
        var reports = await journal.UnsentAsync(before, options.Value.AtMost, cancellationToken);
        if (reports.Count > 0)
        {
            LogFound(reports.Count, "unsent reports");
        }

        await ForEachAsync(reports, SendAsync, cancellationToken);

        async Task SendAsync(EpisodeReport report)
        {
            var alertId = report.Episode.AlertId;
            await grains.GetGrain<IAlertGrain>(alertId.ToString("D")).ReportAsync(report);
            await journal.SentAsync(alertId, report.Sequence, cancellationToken);
        }
    }

    private async Task EvaluateAlertsAsync(CancellationToken cancellationToken)
    {
        var again = Interlocked.Exchange(ref _again, new ConcurrentQueue<Guid>());
        await ForEachAsync(again, EvaluateAsync, cancellationToken);
        var before = _tookUpAll ? clock.GetUtcNow() - options.Value.Grace : (DateTimeOffset?)null;
        do
        {
            var due = await alerts.DueAsync(before, _lastDue, options.Value.AtMost, cancellationToken);
            await ForEachAsync(due.Select(alert => alert.AlertId), EvaluateAsync, cancellationToken);
            _lastDue = due.Count < options.Value.AtMost ? null : due[^1];
        }
        while (!_tookUpAll && _lastDue is not null);
        _tookUpAll = true;

        async Task EvaluateAsync(Guid alertId)
        {
            try
            {
                await grains.GetGrain<IAlertGrain>(alertId.ToString("D")).EvaluateAsync();
            }
            catch when (_again.Count < options.Value.AtMost)
            {
                _again.Enqueue(alertId);
                throw;
            }
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        while (await retention.PruneAsync(clock.GetUtcNow(), cancellationToken) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> act, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (item, _) =>
        {
            try
            {
                await act(item);
            }
            catch (Exception exception)
            {
                // One that fails must not keep the others waiting; the next sweep finds it again.
                LogItemFailed(exception);
            }
        });

    private async Task DoAsync(string what, Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, what);
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sweep found {Count} {What}")]
    private partial void LogFound(int count, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep could not take up one item; the next sweep tries again")]
    private partial void LogItemFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep of {What} failed; the next sweep tries again")]
    private partial void LogFailed(Exception exception, string what);
}
