using Orleans;
using Orleans.Runtime;

namespace RiskMonitor.Grains.Alerts;

/// <content>Timers for short waits, reminders for long ones. There is a reminder only while something is due in a minute or more.</content>
internal sealed partial class AlertGrain
{
    private const string DueReminder = "due";

    /// <summary>Waits of this length or more use a reminder, which outlives the activation and the silo. Orleans allows no shorter period.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private IGrainTimer? _timer;
    private bool _mayHaveReminder;

    /// <summary>When the reminder is due; null where that is not known.</summary>
    private DateTimeOffset? _remindedAt;

    /// <summary>A tick only makes the alert evaluate its row, because ticks can get lost, come twice, and continue when the reminder could not be removed.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _mayHaveReminder = true;
        _remindedAt = null;
        return _alert is null ? RemoveReminderAsync() : EvaluateAsync();
    }

    private async Task ScheduleAsync()
    {
        _timer?.Dispose();
        _timer = null;
        var wait = _alert?.NextAttemptAt - clock.GetUtcNow();
        if (wait >= LongWait)
        {
            await SetReminderAsync(wait.Value);
            return;
        }

        // A message that is due waits for its permit already, or for the sweep.
        if (wait > TimeSpan.Zero)
        {
            _timer = this.RegisterGrainTimer(static (grain, _) => grain.EvaluateAsync(), this, new GrainTimerCreationOptions(wait.Value, LongWait));
        }

        await RemoveReminderAsync();
    }

    private async Task SetReminderAsync(TimeSpan wait)
    {
        if (_remindedAt == _alert!.NextAttemptAt)
        {
            return;
        }

        try
        {
            _mayHaveReminder = true;
            await this.RegisterOrUpdateReminder(DueReminder, wait, LongWait);
            _remindedAt = _alert.NextAttemptAt;
        }
        catch (Exception exception)
        {
            // The row is stored, so the sweep finds it when it is due.
            LogReminderFailed(exception, _alertId);
        }
    }

    private async Task RemoveReminderAsync()
    {
        if (!_mayHaveReminder)
        {
            return;
        }

        try
        {
            _remindedAt = null;
            if (await this.GetReminder(DueReminder) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }

            _mayHaveReminder = false;
        }
        catch (Exception exception)
        {
            // The reminder ticks once more and is removed then.
            LogReminderFailed(exception, _alertId);
        }
    }
}
