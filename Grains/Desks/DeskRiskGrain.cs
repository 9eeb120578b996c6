using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// One trading desk: runs <see cref="DeskRisk"/>, journals what it was told, publishes a picture after each commit and hands breach reports to
/// their alerts. All deciding is the domain's.
/// </summary>
internal sealed partial class DeskRiskGrain(
    IDeskJournal journal,
    ILimitStore limits,
    IAlertStore alerts,
    IOptions<DeskOptions> options,
    GrainMetrics metrics,
    TimeProvider clock,
    ILogger<DeskRiskGrain> logger) : Grain, IDeskRiskGrain
{
    private DeskRisk _desk = null!;
    private JournalPen _pen = null!;
    private DeskPicture _published = null!;
    private DeskInput[] _firstInputs = [];
    private IGrainTimer? _validityTimer;
    private DateTimeOffset? _validityScheduled;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        var stored = await journal.LoadAsync(name, cancellationToken);
        var limitSet = await limits.ForDeskAsync(name, cancellationToken);

        _desk = stored.Checkpoint is { } checkpoint ? DeskRisk.Restore(checkpoint, stored.Positions) : new DeskRisk(name);
        foreach (var record in stored.Tail)
        {
            _desk.Replay(record);
        }

        var lastRecordAt = stored.Tail.Count > 0 ? stored.Tail[^1].At : (DateTimeOffset?)null;
        _published = _desk.Picture(lastRecordAt);
        _pen = new JournalPen(
            _desk, stored.Checkpoint?.Sequence ?? 0, options.Value.FoldAfterPositions, journal, clock, OnWritten, OnFailed);

        if (stored.IsUnknown)
        {
            // Asking about a desk must not create it: what it starts with waits for its first change.
            var numbers = await alerts.NumbersTakenAsync(name, cancellationToken);
            _firstInputs = [new NumbersTakenInput(clock.GetUtcNow(), numbers), new LimitsInput(clock.GetUtcNow(), limitSet)];
        }
        else
        {
            // Limits may have changed while nobody was here. Whether that is durable need not be waited for.
            Observe(_pen.TakeAsync([new LimitsInput(clock.GetUtcNow(), limitSet), new ValidityInput(clock.GetUtcNow())]));
        }

        ScheduleValidity();
        this.RegisterGrainTimer(
            // A fold that fails has said so, and ends this activation.
            static async (pen, _) => await pen.FoldAsync().ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing),
            _pen,
            new GrainTimerCreationOptions(options.Value.FoldInterval, options.Value.FoldInterval) { Interleave = true });
        LogActivated(name, _desk.Sequence, _desk.PositionCount);
        metrics.DeskActivated();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.DeskDeactivated();
        return Task.CompletedTask;
    }

    public async Task ApplyAsync(DeskBatch batch)
    {
        var began = clock.GetTimestamp();
        await TakeAsync(new ChangesInput(clock.GetUtcNow(), batch.Feed, batch.Changes, batch.Snapshot, batch.FeedState, batch.IngestedAt));
        metrics.Applied(clock.GetElapsedTime(began));
    }

    public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) =>
        TakeAsync(new SnapshotCompletedInput(clock.GetUtcNow(), feed, snapshot, feedState));

    public async Task RefreshLimitsAsync()
    {
        var limitSet = await limits.ForDeskAsync(_desk.Desk, CancellationToken.None);
        if (_firstInputs.Length > 0)
        {
            _firstInputs[^1] = new LimitsInput(clock.GetUtcNow(), limitSet);
            return;
        }

        await _pen.TakeAsync([new LimitsInput(clock.GetUtcNow(), limitSet), new ValidityInput(clock.GetUtcNow())]);
        ScheduleValidity();
    }

    public Task FoldAsync() => _pen.FoldAsync();

    public Task<DeskPicture> ReadAsync() => Task.FromResult(_published);

    private Task TakeAsync(DeskInput input)
    {
        if (_firstInputs.Length == 0)
        {
            return _pen.TakeAsync(input);
        }

        DeskInput[] inputs = [.. _firstInputs, input];
        _firstInputs = [];
        return _pen.TakeAsync(inputs);
    }

    private void OnWritten(JournalRecord record, DeskPicture picture)
    {
        _published = picture;
        ScheduleValidity();
        foreach (var report in record.Outbox)
        {
            _ = SendAsync(report);
        }
    }

    private void OnFailed(Exception exception)
    {
        LogJournalFailed(exception, _desk.Desk);
        DeactivateOnIdle();
    }

    /// <summary>Hands a durable report to its alert, beside the desk's turns. What fails here stays in the outbox, and the sweep sends it.</summary>
    private async Task SendAsync(EpisodeReport report)
    {
        var alertId = report.Episode.AlertId;
        try
        {
            await GrainFactory.GetGrain<IAlertGrain>(alertId.ToString("D")).ReportAsync(report);
            await journal.SentAsync(alertId, report.Sequence, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogReportDelayed(exception, _desk.Desk, alertId);
        }
    }

    private void ScheduleValidity()
    {
        if (_desk.NextValidityInstant == _validityScheduled)
        {
            return;
        }

        _validityTimer?.Dispose();
        _validityTimer = null;
        _validityScheduled = _desk.NextValidityInstant;
        if (_validityScheduled is { } instant)
        {
            // Timers count at most some weeks; the sweep finds instants beyond.
            var due = instant - clock.GetUtcNow();
            if (due < TimeSpan.FromDays(1))
            {
                _validityTimer = this.RegisterGrainTimer(
                    static (grain, _) => grain.RefreshLimitsAsync(),
                    this,
                    new GrainTimerCreationOptions(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan));
            }
        }
    }

    private void Observe(Task task) => task.ContinueWith(
        done => LogJournalFailed(done.Exception!, _desk.Desk),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Current);
}
