using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Grains.Alerts;

/// <summary>
/// One alert. Runs <see cref="AlertLifecycle"/>, stores each step, and then does the step's work beside its turns, so that neither a slow analyst nor
/// an ack from inside the webhook handler waits for a turn that waits for it. It is never moved to balance silos, because a move would make an attempt again that
/// is under way.
/// </summary>
[GrainType("alert")]
[Immovable]
internal sealed partial class AlertGrain(
    IAlertStore store,
    AlertLifecycle lifecycle,
    IAnalyst analyst,
    IAlertSender sender,
    IEnumerable<IRiskObserver> observers,
    GrainMetrics metrics,
    TimeProvider clock,
    ILogger<AlertGrain> logger) : Grain, IAlertGrain, IAlertWorkGrain, IRemindable
{
    private Guid _alertId;
    private Alert? _alert;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _alertId = Guid.ParseExact(this.GetPrimaryKeyString(), "D");
        _alert = await store.LoadAsync(_alertId, cancellationToken);
        if (_alert is not null)
        {
            _mayHaveReminder = true;
            await ApplyAsync(lifecycle.Evaluate(_alert, clock.GetUtcNow(), resumed: true));
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Stop waiting for a permit. The row says that the message is due.
        _deactivated.Cancel();
        return Task.CompletedTask;
    }

    public Task ReportAsync(EpisodeReport report) => ApplyAsync(lifecycle.OnReport(_alert, report, clock.GetUtcNow()));

    public async Task<AckAnswer> AckAsync(AckRequest request)
    {
        if (_alert is null)
        {
            return new AckAnswer(AckOutcome.NotFound, null, 0, null, $"there is no alert {_alertId:D}", null);
        }

        var (step, answer) = lifecycle.Acknowledge(_alert, request, clock.GetUtcNow());
        await ApplyAsync(step);
        return answer;
    }

    public Task EvaluateAsync() => _alert is null ? Task.CompletedTask : ApplyAsync(lifecycle.Evaluate(_alert, clock.GetUtcNow(), resumed: false));

    public async Task<bool> SnoozeAsync(string by, string reason, DateTimeOffset until)
    {
        if (_alert is null || lifecycle.Snooze(_alert, by, reason, until, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        await ApplyAsync(step);
        return true;
    }

    public Task AssignAsync(string by, string to, string reason, DateTimeOffset until) => _alert is null
        ? Task.CompletedTask
        : ApplyAsync(lifecycle.Assign(_alert, by, to, reason, until, clock.GetUtcNow()));

    public Task EndpointsChangedAsync() => _alert is null
        ? Task.CompletedTask
        : ApplyAsync(lifecycle.Evaluate(_alert, clock.GetUtcNow(), resumed: false, endpointsChanged: true));

    public async Task<bool> ReplayAsync(string by)
    {
        if (_alert is null || lifecycle.Replay(_alert, by, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        await ApplyAsync(step);
        return true;
    }

    public Task AnalysedAsync(int revision, Analysis analysis) => _alert is null
        ? Task.CompletedTask
        : ApplyAsync(lifecycle.Analysed(_alert, revision, analysis, clock.GetUtcNow()));

    public async Task AttemptedAsync(string deliveryId, int attempt, DeliveryResult result, Guid worker)
    {
        EndPosting(deliveryId, worker);
        if (_alert is null)
        {
            return;
        }

        var firstDelivery = _alert.Receipt.DeliveredAt is null;
        await ApplyAsync(lifecycle.Attempted(_alert, deliveryId, attempt, result, clock.GetUtcNow(), Random.Shared.NextDouble()));
        if (firstDelivery && _alert.Receipt.DeliveredAt is not null)
        {
            metrics.Delivered(_alert.Receipt);
        }
    }

    private async Task ApplyAsync(AlertStep step)
    {
        var permits = new Dictionary<string, DeliveryPermit>();
        try
        {
            step = BeginPermitted(step, permits);
            if (step.Changed)
            {
                _alert = await store.SaveAsync(step.Alert, step.Events, CancellationToken.None);
            }
        }
        catch
        {
            foreach (var permit in permits.Values)
            {
                permit.Dispose();
            }

            // It is unknown what is stored, so load the alert again before the next step.
            DeactivateOnIdle();
            throw;
        }

        if (step.Changed)
        {
            metrics.Count(step);
            foreach (var observer in observers)
            {
                observer.OnAlertChanged(_alert!, step.Events);
            }

            if (step.Alert.Status == AlertStatus.DeadLetter && step.Events.FirstOrDefault(happened => happened.Kind == "dead_letter") is { } dead)
            {
                LogDeadLetter(_alertId, dead.Detail);
            }

            if (step.Events.FirstOrDefault(happened => happened.Kind == "operator_notified") is { } unheard)
            {
                LogUnacknowledged(_alertId, unheard.Detail);
            }
        }

        foreach (var work in step.Work)
        {
            _ = work switch
            {
                AnalyseBreach analyse => AnalyseAsync(_alert!.Report, analyse.Revision),
                PostMessage post => PostAsync(OutgoingMessage.Of(_alert!, post), post, permits.GetValueOrDefault(post.Delivery.DeliveryId)),
                _ => throw new InvalidOperationException($"an alert cannot begin work of type {work.GetType().Name}"),
            };
        }

        await ScheduleAsync();
    }

    /// <summary>Runs beside the grain's turns and changes nothing of it; the result comes back as a message.</summary>
    private async Task AnalyseAsync(EpisodeReport report, int revision)
    {
        var began = clock.GetTimestamp();
        var self = this.AsReference<IAlertWorkGrain>();
        try
        {
            var analysis = await AnalyseOrExplainAsync(report);
            metrics.Analysed(analysis.Source, clock.GetElapsedTime(began));
            await self.AnalysedAsync(revision, analysis);
        }
        catch (Exception exception)
        {
            // The result could not be stored. The lease in the row runs out, and the analyst is asked again.
            LogWorkFailed(exception, "analysis", _alertId);
        }
    }

    /// <summary>An analyst that failed would probably fail again, and an alert that waits for it would never be delivered.</summary>
    private async Task<Analysis> AnalyseOrExplainAsync(EpisodeReport report)
    {
        try
        {
            return await analyst.AnalyseAsync(report, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotAnalysed(exception, _alertId);
            return Analysis.Failed(report);
        }
    }
}
