using System.Collections.Concurrent;
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
/// Finds work that its owner has not finished: reports that did not reach their alert, alerts that are overdue, and desks whose limits changed while
/// they were inactive. It also counts the alerts and prunes the journal. Two sweeps at once do no harm, since all that they do may be repeated.
/// </summary>
internal sealed partial class Sweep(
    IGrainFactory grains,
    IDeskJournal journal,
    IDeskJournalReader journalReader,
    IJournalRetention retention,
    IAlertStore alerts,
    IAlertQueries queries,
    ILimitStore limits,
    AlertGauges gauges,
    IOptions<SweepOptions> options,
    TimeProvider clock,
    ILogger<Sweep> logger)
{
    private const int MaxParallelItems = 32;

    /// <summary>Where the last sweep over unsent reports ended, so that reports that fail for good, however many, do not hide the others.</summary>
    private UnsentCursor? _lastReport;

    /// <summary>Where the last sweep over due alerts ended, so that alerts that stay due, however many, do not hide the others.</summary>
    private DueAlert? _lastDue;

    /// <summary>Alerts whose evaluation failed. They are kept because the table does not list an alert without an endpoint as due.</summary>
    private ConcurrentQueue<Guid> _failed = new();

    /// <summary>Whether the next sweep takes up everything unfinished, however new. It is set at the start and by silos that start later.</summary>
    private volatile bool _takeUpAll = true;

    /// <summary>By desk: the version that it had stored when it was refreshed, and the version of the limit table then.</summary>
    private readonly ConcurrentDictionary<string, (long Stored, long Table)> _refreshed = new(StringComparer.Ordinal);

    /// <summary>The next sweep takes up everything unfinished, however new.</summary>
    public void TakeUpAll() => _takeUpAll = true;

    /// <summary>Sweeps once. What fails is logged, and the next sweep repeats it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var all = _takeUpAll;
        _takeUpAll = false;
        await TryAsync("limits", () => RefreshDesksAsync(cancellationToken), cancellationToken);
        await TryAsync("reports", () => SendReportsAsync(all, cancellationToken), cancellationToken);
        if (!await TryAsync("alerts", () => EvaluateAlertsAsync(all, cancellationToken), cancellationToken) && all)
        {
            _takeUpAll = true;
        }

        await TryAsync("gauges", () => gauges.CountAsync(queries, cancellationToken), cancellationToken);
        await TryAsync("states", () => retention.KeepStatesAsync(clock.GetUtcNow(), cancellationToken), cancellationToken);
        await TryAsync("retention", () => PruneAsync(cancellationToken), cancellationToken);
    }

    private async Task RefreshDesksAsync(CancellationToken cancellationToken)
    {
        var version = await limits.VersionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var behind = (await journalReader.DesksAsync(cancellationToken)).Where(desk => desk.NextValidityInstant <= now || MayHaveOtherLimits(desk, version));
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
        if (all)
        {
            _lastReport = null;
        }

        do
        {
            var unsent = await journalReader.UnsentAsync(before, _lastReport, options.Value.AtMost, cancellationToken);
            if (unsent.Reports.Count > 0)
            {
                LogFound(unsent.Reports.Count, "unsent reports");
            }

            await ForEachAsync(unsent.Reports, SendAsync, cancellationToken);
            _lastReport = unsent.Next;
        }
        while (all && _lastReport is not null);

        async Task SendAsync(EpisodeReport report)
        {
            var alertId = report.Episode.AlertId;
            await grains.GetGrain<IAlertGrain>(alertId.ToString("D")).ReportAsync(report);
            await journal.SentAsync(alertId, report.Sequence, cancellationToken);
        }
    }

    private async Task EvaluateAlertsAsync(bool all, CancellationToken cancellationToken)
    {
        var failed = Interlocked.Exchange(ref _failed, new ConcurrentQueue<Guid>());
        await ForEachAsync(failed, EvaluateAsync, cancellationToken);
        var before = all ? (DateTimeOffset?)null : clock.GetUtcNow() - options.Value.Grace;
        if (all)
        {
            _lastDue = null;
        }

        do
        {
            var due = await alerts.DueAsync(before, _lastDue, options.Value.AtMost, cancellationToken);
            await ForEachAsync(due.Select(alert => alert.AlertId), EvaluateAsync, cancellationToken);
            _lastDue = due.Count < options.Value.AtMost ? null : due[^1];
        }
        while (all && _lastDue is not null);

        async Task EvaluateAsync(Guid alertId)
        {
            try
            {
                await grains.GetGrain<IAlertGrain>(alertId.ToString("D")).EvaluateAsync();
            }
            catch when (_failed.Count < options.Value.AtMost)
            {
                _failed.Enqueue(alertId);
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
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = MaxParallelItems, CancellationToken = cancellationToken }, async (item, _) =>
        {
            try
            {
                await act(item);
            }
            catch (Exception exception)
            {
                // An item that fails must not delay the others; the next sweep finds it again.
                LogItemFailed(exception);
            }
        });

    /// <returns>False: it failed, or the sweep is cancelled.</returns>
    private async Task<bool> TryAsync(string what, Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await act();
            return true;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops, or the sweep moves to another one.
            return false;
        }
        catch (Exception exception)
        {
            LogFailed(exception, what);
            return false;
        }
    }
}
