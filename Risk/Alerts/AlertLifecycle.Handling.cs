using System.Globalization;

namespace RiskMonitor.Risk.Alerts;

/// <content>What people do about an alert beside acknowledging it: snoozing it, and giving it to somebody.</content>
public sealed partial class AlertLifecycle
{
    /// <summary>No snooze is longer: one attempt must never wait for longer than this.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromHours(23);

    /// <summary>
    /// Reminders, repeats and further steps of an escalation wait until then. It acknowledges nothing, and a higher severity ends it.
    /// </summary>
    /// <returns>Null while the revision is being analysed: what is to be snoozed is not known yet.</returns>
    public AlertStep? Snooze(Alert alert, string by, string reason, DateTimeOffset until, DateTimeOffset now)
    {
        if (alert.Status == AlertStatus.PendingAnalysis)
        {
            return null;
        }

        var next = alert with { Snooze = new Snooze(by, reason, until, now) };
        if (next.Notice is { } notice)
        {
            var later = notice.Deliveries
                .Where(delivery => delivery is { IsPending: true, InFlight: false, NextAttemptAt: { } due } && due < until)
                .Select(delivery => Stamped(alert, delivery with { NextAttemptAt = until }));
            next = next with { Notice = notice.With(later) };
        }

        return Evaluate(next, now, resumed: false, [Event(next, now, "snoozed", string.Create(CultureInfo.InvariantCulture, $"by {by} until {AlertDocument.Time(until)}: {reason}"))]);
    }

    /// <summary>Somebody is to deal with the alert, until then. It changes nothing of its messages.</summary>
    public AlertStep Assign(Alert alert, string by, string to, string reason, DateTimeOffset until, DateTimeOffset now)
    {
        var next = alert with { Assignment = new Assignment(to, by, reason, until, now) };
        return Evaluate(next, now, resumed: false, [Event(next, now, "assigned", string.Create(CultureInfo.InvariantCulture, $"to {to} by {by} until {AlertDocument.Time(until)}: {reason}"))]);
    }

    /// <summary>
    /// The last step of an escalation: nobody has acknowledged the revision for so long that the operator is notified, once. A dead letter has a notice of its own,
    /// and an alert that waits for an endpoint is written again only when there is one.
    /// </summary>
    private Alert NotifyOperator(Alert alert, DateTimeOffset now, List<AlertEvent> events)
    {
        if (policy.OperatorAfter is not { } after
            || alert is not { Status: AlertStatus.PendingDelivery or AlertStatus.Delivered, Episode.IsOpen: true, OperatorNotifiedAt: null, NoticedAt: { } since, WaitsForEndpoint: false }
            || IsSuppressed(alert))
        {
            return alert;
        }

        var due = Snoozed(alert, Due(alert, since, after, now));
        if (due > now)
        {
            return alert with { NextAttemptAt = Instants.Earlier(alert.NextAttemptAt, due) };
        }

        events.Add(Event(alert, now, "operator_notified", string.Create(CultureInfo.InvariantCulture, $"nobody has acknowledged revision {alert.Revision} for {after}")));
        return alert with { OperatorNotifiedAt = now };
    }

    /// <summary>A wait ends no earlier than the snooze.</summary>
    private static DateTimeOffset Snoozed(Alert alert, DateTimeOffset due) => alert.Snooze is { } snooze && snooze.Until > due ? snooze.Until : due;
}
