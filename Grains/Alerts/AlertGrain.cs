using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Grains.Alerts;

/// <summary>
/// One alert: runs <see cref="AlertLifecycle"/>, stores each step before acting on it, and does what the step says beside its turns, so that an
/// ack from inside the webhook handler, or a slow analyst, never waits for itself.
/// </summary>
internal sealed partial class AlertGrain(
    IAlertStore store,
    AlertLifecycle lifecycle,
    IAnalyst analyst,
    IWebhookSender sender,
    GrainMetrics metrics,
    TimeProvider clock,
    ILogger<AlertGrain> logger) : Grain, IAlertGrain, IAlertWorkGrain, IRemindable
{
    private const string DueReminder = "due";

    /// <summary>Waits from here on are a reminder's: it outlives the activation and the silo. Also the least period of one.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private Guid _alertId;
    private Alert? _alert;
    private IGrainTimer? _timer;
    private bool _mayHaveReminder;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _alertId = Guid.ParseExact(this.GetPrimaryKeyString(), "D");
        _alert = await store.LoadAsync(_alertId, cancellationToken);
        if (_alert is not null)
        {
            _mayHaveReminder = true;
            await TakeAsync(lifecycle.Look(_alert, clock.GetUtcNow(), resumed: true));
        }
    }

    public Task ReportAsync(EpisodeReport report) => TakeAsync(lifecycle.Hear(_alert, report, clock.GetUtcNow()));

    public async Task<AckAnswer> AckAsync(AckRequest request)
    {
        if (_alert is null)
        {
            return new AckAnswer(AckOutcome.NotFound, null, 0, null, $"there is no alert {_alertId:D}", null);
        }

        var (step, answer) = lifecycle.Acknowledge(_alert, request, clock.GetUtcNow());
        await TakeAsync(step);
        return answer;
    }

    public Task LookAsync() => _alert is null ? Task.CompletedTask : TakeAsync(lifecycle.Look(_alert, clock.GetUtcNow(), resumed: false));

    public async Task<bool> ReplayAsync(string by)
    {
        if (_alert is null || lifecycle.Replay(_alert, by, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        await TakeAsync(step);
        return true;
    }

    public Task AnalysedAsync(int revision, Analysis analysis) => _alert is null
        ? Task.CompletedTask
        : TakeAsync(lifecycle.Analysed(_alert, revision, analysis, clock.GetUtcNow()));

    public async Task AttemptedAsync(string deliveryId, int attempt, DeliveryResult result)
    {
        if (_alert is null)
        {
            return;
        }

        var firstDelivery = _alert.Receipt.DeliveredAt is null;
        await TakeAsync(lifecycle.Attempted(_alert, deliveryId, attempt, result, clock.GetUtcNow(), Random.Shared.NextDouble()));
        if (firstDelivery && _alert.Receipt is { DeliveredAt: { } delivered, Committed: { } committed })
        {
            metrics.Delivered(delivered - committed.CommittedAt);
        }
    }

    /// <summary>A tick only says "look at your row": ticks get lost, and come twice.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => _alert is null ? RemoveReminderAsync() : LookAsync();

    private async Task TakeAsync(AlertStep step)
    {
        if (step.Changed)
        {
            try
            {
                _alert = await store.SaveAsync(step.Alert, step.Events, CancellationToken.None);
            }
            catch
            {
                // What is stored is unknown here: load it again before the next step.
                DeactivateOnIdle();
                throw;
            }

            metrics.Count(step);
            if (step.Alert.Status == AlertStatus.DeadLetter && step.Events.Count > 0)
            {
                LogDeadLetter(_alertId, step.Events[^1].Detail);
            }
        }

        foreach (var work in step.Work)
        {
            _ = work switch
            {
                AnalyseBreach analyse => AnalyseAsync(_alert!.Report, analyse.Revision),
                PostMessage post => PostAsync(_alert!.Desk, post.Notification),
                _ => throw new InvalidOperationException($"an alert does not know work of type {work.GetType().Name}"),
            };
        }

        await ScheduleAsync();
    }

    /// <summary>Runs beside the grain's turns and touches nothing of it; the end comes back as a message.</summary>
    private async Task AnalyseAsync(EpisodeReport report, int revision)
    {
        var began = clock.GetTimestamp();
        var self = this.AsReference<IAlertWorkGrain>();
        try
        {
            var analysis = await analyst.AnalyseAsync(report, CancellationToken.None);
            metrics.Analysed(analysis.Source, clock.GetElapsedTime(began));
            await self.AnalysedAsync(revision, analysis);
        }
        catch (Exception exception)
        {
            // The lease in the row runs out, and the analyst is asked again.
            LogWorkFailed(exception, "analysis", _alertId);
        }
    }

    /// <inheritdoc cref="AnalyseAsync"/>
    private async Task PostAsync(string desk, Notification notification)
    {
        var began = clock.GetTimestamp();
        var self = this.AsReference<IAlertWorkGrain>();
        try
        {
            var result = await sender.SendAsync(desk, notification.DeliveryId, notification.Body, CancellationToken.None);
            metrics.Attempted(clock.GetElapsedTime(began));
            await self.AttemptedAsync(notification.DeliveryId, notification.Attempts, result);
        }
        catch (Exception exception)
        {
            LogWorkFailed(exception, "delivery", _alertId);
        }
    }

    private async Task ScheduleAsync()
    {
        _timer?.Dispose();
        _timer = null;
        var wait = _alert?.NextAttemptAt - clock.GetUtcNow();
        if (wait is null || wait < LongWait)
        {
            await RemoveReminderAsync();
            if (wait is { } due)
            {
                _timer = this.RegisterGrainTimer(
                    static (grain, _) => grain.LookAsync(),
                    this,
                    new GrainTimerCreationOptions(due > TimeSpan.Zero ? due : TimeSpan.Zero, LongWait));
            }
        }
        else
        {
            _mayHaveReminder = true;
            await this.RegisterOrUpdateReminder(DueReminder, wait.Value, LongWait);
        }
    }

    private async Task RemoveReminderAsync()
    {
        if (!_mayHaveReminder)
        {
            return;
        }

        _mayHaveReminder = false;
        if (await this.GetReminder(DueReminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}
