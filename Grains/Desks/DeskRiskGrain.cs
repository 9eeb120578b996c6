using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// One trading desk. Runs <see cref="DeskRisk"/>, which makes every decision; writes its inputs to the journal; and answers reads with the view of the last
/// durable record.
/// </summary>
[GrainType("desk")]
[RandomPlacement]
internal sealed partial class DeskRiskGrain(
    IDeskJournal journal,
    ILimitStore limits,
    IAlertStore alerts,
    IOptions<DeskOptions> options,
    GrainMetrics metrics,
    UnavailableDesks unavailable,
    ActiveDesks active,
    IEnumerable<IRiskObserver> observers,
    TimeProvider clock,
    ILogger<DeskRiskGrain> logger) : Grain, IDeskRiskGrain
{
    private readonly CompletedSnapshots _snapshots = new();
    private DeskRisk _desk = null!;
    private JournalWriter _writer = null!;
    private DeskPublisher _publisher = null!;
    private ActiveDesk _activation = null!;

    /// <summary>The inputs that go before the first change of a desk without a journal.</summary>
    private DeskInput[] _firstInputs = [];
    private IGrainTimer? _validityTimer;
    private DateTimeOffset? _validityScheduled;

    /// <summary>Why the desk cannot be read; null when it can.</summary>
    private string? _problem;

    /// <summary>Why the limits could not be read when they were last asked for; null when they could.</summary>
    private string? _limitsProblem;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        try
        {
            await LoadAsync(name, cancellationToken);
        }
        catch (DeskUnreadableException unreadable)
        {
            BecomeUnavailable(name, unreadable.Problem);
            return;
        }

        if (unavailable.Remove(name))
        {
            LogAvailable(name);
        }

        metrics.DeskActivated();
        active.Add(_activation);
    }

    private async Task LoadAsync(string name, CancellationToken cancellationToken)
    {
        var (stored, journalWriter) = await journal.OpenAsync(name, cancellationToken);
        var limitSet = await LimitsAsync(name, cancellationToken);
        _desk = Restore(name, stored);
        var lastRecordAt = stored.Tail.Count > 0 ? stored.Tail[^1].At : (DateTimeOffset?)null;
        _publisher = new DeskPublisher(_desk.ToView(lastRecordAt), journal, GrainFactory, observers, logger) { LimitsProblem = _limitsProblem };
        _writer = new JournalWriter(_desk, stored.Checkpoint?.Sequence ?? 0, options.Value.FoldAfterPositions, journalWriter, _publisher, clock);
        _activation = new ActiveDesk(name, journalWriter, GrainContext);
        _ = DeactivateOnFailureAsync(_writer.Failed);

        if (stored.IsUnknown)
        {
            // A question about a desk must not create it, so the inputs that it begins with wait for its first change.
            var numbers = await alerts.NumbersTakenAsync(name, cancellationToken);
            _firstInputs = [new NumbersTakenInput(clock.GetUtcNow(), numbers), new LimitsInput(clock.GetUtcNow(), limitSet ?? LimitSet.Empty)];
        }
        else if (limitSet is not null)
        {
            // Limits may have changed while the grain was inactive. Do not wait for the journal write; the next activation repeats it.
            _writer.ApplyAsync([new LimitsInput(clock.GetUtcNow(), limitSet), new ValidityInput(clock.GetUtcNow())]).Ignore();
        }

        ScheduleValidity();
        this.RegisterGrainTimer(
            // A fold that fails ends this activation by JournalWriter.Failed.
            static async (writer, _) => await writer.FoldAsync().ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing),
            _writer,
            new GrainTimerCreationOptions(options.Value.FoldInterval, options.Value.FoldInterval) { Interleave = true });
        LogActivated(name, _desk.Sequence, _desk.PositionCount);
    }

    private static DeskRisk Restore(string name, StoredDesk stored)
    {
        try
        {
            return stored.ToDesk(name);
        }
        catch (Exception exception)
        {
            throw new DeskUnreadableException(name, $"its journal cannot be replayed: {exception.Message}", exception);
        }
    }

    /// <summary>Keeps the activation for a while, so that calls fail at once instead of reading the broken journal again each time.</summary>
    private void BecomeUnavailable(string name, string problem)
    {
        _problem = problem;
        if (unavailable.Add(name, problem))
        {
            LogUnavailable(name, problem);
            metrics.Noticed("desk_unavailable");
        }

        this.RegisterGrainTimer(
            static (grain, _) =>
            {
                grain.DeactivateOnIdle();
                return Task.CompletedTask;
            },
            this,
            new GrainTimerCreationOptions(options.Value.RetryUnavailable, Timeout.InfiniteTimeSpan));
    }

    /// <returns>Null where they cannot be read: the desk keeps the limits that it knows.</returns>
    private async Task<LimitSet?> LimitsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var limitSet = await limits.ForDeskAsync(name, cancellationToken);
            _limitsProblem = null;
            return limitSet;
        }
        catch (LimitUnreadableException unreadable)
        {
            if (_limitsProblem != unreadable.Message)
            {
                _limitsProblem = unreadable.Message;
                LogLimitsUnreadable(name, unreadable.Message);
                metrics.Noticed("limits_unreadable");
            }

            return null;
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_problem is null)
        {
            metrics.DeskDeactivated();
            active.Remove(_activation);
        }

        return Task.CompletedTask;
    }

    public async Task ApplyAsync(DeskBatch batch)
    {
        var began = clock.GetTimestamp();
        await ApplyInputAsync(new ChangesInput(clock.GetUtcNow(), batch.Feed, _snapshots.CurrentOf(batch), batch.Snapshot, batch.FeedState, batch.IngestedAt));
        metrics.Applied(clock.GetElapsedTime(began));
    }

    public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState)
    {
        _snapshots.Note(feed, snapshot);
        return ApplyInputAsync(new SnapshotCompletedInput(clock.GetUtcNow(), feed, snapshot, feedState));
    }

    public async Task RefreshLimitsAsync()
    {
        DemandAvailable();
        var limitSet = await LimitsAsync(_desk.Desk, CancellationToken.None);
        _publisher.LimitsProblem = _limitsProblem;
        if (limitSet is null)
        {
            throw new InvalidOperationException($"desk '{_desk.Desk}' cannot judge by its limits now: {_limitsProblem}");
        }

        if (_firstInputs.Length > 0)
        {
            _firstInputs[^1] = new LimitsInput(clock.GetUtcNow(), limitSet);
            return;
        }

        await _writer.ApplyAsync([new LimitsInput(clock.GetUtcNow(), limitSet), new ValidityInput(clock.GetUtcNow())]);
        ScheduleValidity();
    }

    public Task FoldAsync()
    {
        DemandAvailable();
        return _writer.FoldAsync();
    }

    public Task<DeskSummary> ReadSummaryAsync()
    {
        DemandAvailable();
        return Task.FromResult(_publisher.Summary);
    }

    public Task<DeskView> ReadAsync(DeskDimensions dimensions)
    {
        DemandAvailable();
        return Task.FromResult(_publisher.ViewOf(dimensions));
    }

    /// <exception cref="DeskUnavailableException">The desk cannot be read.</exception>
    private void DemandAvailable()
    {
        if (_problem is not null)
        {
            throw new DeskUnavailableException(this.GetPrimaryKeyString(), _problem);
        }
    }

    private Task ApplyInputAsync(DeskInput input)
    {
        DemandAvailable();
        if (_firstInputs.Length == 0)
        {
            return _writer.ApplyAsync(input);
        }

        DeskInput[] inputs = [.. _firstInputs, input];
        _firstInputs = [];
        var durable = _writer.ApplyAsync(inputs);
        ScheduleValidity();
        return durable;
    }

    /// <summary>After a failure it is unknown what is durable, so the next activation loads the desk again.</summary>
    private async Task DeactivateOnFailureAsync(Task<Exception> failed)
    {
        var failure = await failed;
        LogJournalFailed(failure, _desk.Desk);
        DeactivateOnIdle();
    }

    /// <summary>Sets the timer for the next instant at which the limits in force change by themselves.</summary>
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
            // A timer counts at most some weeks. The sweep finds later instants.
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
}
