using System.Globalization;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// The rules of an alert's life. Each method takes the alert as it is and what happened, and answers with the alert as it is then, what to
/// add to its history, and the work to begin once that is stored.
/// </summary>
/// <param name="compose">Writes the body of a message; called once per delivery.</param>
public sealed partial class AlertLifecycle(AlertPolicy policy, Func<Alert, NotificationKind, DateTimeOffset, string> compose)
{
    /// <summary>A desk reports an episode. An older report than the last heard changes nothing.</summary>
    public AlertStep Hear(Alert? alert, EpisodeReport report, DateTimeOffset now)
    {
        if (alert is null)
        {
            return Born(report, now);
        }

        if (report.Sequence <= alert.Report.Sequence)
        {
            return AlertStep.Unchanged(alert);
        }

        var escalated = report.Episode.Revision > alert.Revision;
        var cured = alert.Episode.IsOpen && !report.Episode.IsOpen;
        var next = alert with { Report = report };
        var events = new List<AlertEvent>();
        if (escalated)
        {
            // The new revision needs a message and an ack of its own; the older one's retries end here.
            next = next with { Status = AlertStatus.PendingAnalysis, Analysis = null, Notice = null, Acknowledgement = null, NextAttemptAt = null };
            events.Add(Event(next, now, "escalated", $"{report.Episode.Severity.Name()}: {Figure(report)}"));
        }

        if (cured)
        {
            events.Add(Event(next, now, "cured", string.Create(CultureInfo.InvariantCulture, $"{report.Episode.CureReason}{(report.Episode.Transient ? ", within one transaction" : "")}")));
            if (next.Notice is { DeliveredAt: not null, SaysCured: false } && !IsSuppressed(next))
            {
                next = PrepareCureNotice(next, now);
            }
            else if (next.Notice is { DeliveredAt: null, InFlight: false })
            {
                next = Overtake(next, now);
            }
        }

        return Look(next, now, resumed: false, events);
    }

    /// <summary>The analyst has spoken. An analysis of an older revision is dropped.</summary>
    public AlertStep Analysed(Alert alert, int revision, Analysis analysis, DateTimeOffset now)
    {
        if (alert.Status != AlertStatus.PendingAnalysis || revision != alert.Revision)
        {
            return AlertStep.Unchanged(alert);
        }

        var next = alert with
        {
            Status = AlertStatus.PendingDelivery,
            Analysis = analysis,
            Receipt = alert.Receipt with { AnalysedAt = now },
        };
        var events = new List<AlertEvent> { Event(next, now, "analysed", analysis.Source) };
        if (IsSuppressed(next))
        {
            events.Add(Event(next, now, "suppressed", "opened and cured within one database transaction: nobody could have seen it"));
        }

        return Look(next, now, resumed: false, events);
    }

    /// <summary>What is due? Safe to ask at any time, by anyone, and twice.</summary>
    /// <param name="resumed">The alert was just loaded: whatever the row says to be in flight was lost with its worker.</param>
    /// <returns>An unchanged step when nothing is due.</returns>
    public AlertStep Look(Alert alert, DateTimeOffset now, bool resumed)
    {
        var step = Look(alert, now, resumed, []);
        return step.Work.Count == 0 && step.Events.Count == 0 && step.Alert.NextAttemptAt == alert.NextAttemptAt ? AlertStep.Unchanged(alert) : step;
    }

    /// <summary>An operator sends a dead letter again.</summary>
    /// <returns>Null when the alert is not a dead letter.</returns>
    public AlertStep? Replay(Alert alert, string by, DateTimeOffset now)
    {
        if (alert.Status != AlertStatus.DeadLetter)
        {
            return null;
        }

        var next = alert with { Status = AlertStatus.PendingDelivery, Notice = null };
        return Look(next, now, resumed: false, [Event(next, now, "replayed", $"by {by}")]);
    }

    private AlertStep Born(EpisodeReport report, DateTimeOffset now)
    {
        var cause = report.Episode.Cause;
        var alert = new Alert
        {
            AlertId = report.Episode.AlertId,
            RequestId = AlertIdentity.RequestId(report.Desk, cause),
            TraceId = AlertIdentity.TraceId(report.Desk, cause),
            Report = report,
            Status = AlertStatus.PendingAnalysis,
            Receipt = new LatencyReceipt(cause.Time, cause.IngestedAt, report.Episode.OpenedAt, null, null, null),
        };
        return Look(alert, now, resumed: false, [Event(alert, now, "opened", $"{report.Episode.Severity.Name()}: {Figure(report)}")]);
    }

    private AlertStep Look(Alert alert, DateTimeOffset now, bool resumed, List<AlertEvent> events)
    {
        var work = new List<AlertWork>();
        var next = alert.Status switch
        {
            AlertStatus.PendingAnalysis => LookAtAnalysis(alert, now, resumed, work),
            AlertStatus.PendingDelivery => LookAtNotice(alert, now, resumed, work, events),
            AlertStatus.Delivered => LookAtAck(alert, now, work, events),
            AlertStatus.Consumed => LookAtReminder(alert, now, work, events),
            _ => alert with { NextAttemptAt = null },
        };

        if (next.CureNotice is { DeliveredAt: null } cureNotice)
        {
            var begun = Begin(cureNotice, now, resumed);
            next = next with { CureNotice = begun };
            if (!ReferenceEquals(begun, cureNotice))
            {
                work.Add(new PostMessage(begun));
            }

            next = next with { NextAttemptAt = Earlier(next.NextAttemptAt, begun.NextAttemptAt) };
        }

        return new AlertStep(next, events, work);
    }

    private Alert LookAtAnalysis(Alert alert, DateTimeOffset now, bool resumed, List<AlertWork> work)
    {
        if (!resumed && alert.NextAttemptAt > now)
        {
            return alert;
        }

        work.Add(new AnalyseBreach(alert.Revision));
        return alert with { NextAttemptAt = now + policy.AnalysisLease };
    }

    private Alert LookAtNotice(Alert alert, DateTimeOffset now, bool resumed, List<AlertWork> work, List<AlertEvent> events)
    {
        if (IsSuppressed(alert))
        {
            return alert with { NextAttemptAt = null };
        }

        if (alert.Notice is null)
        {
            // Nobody can have heard of an alert of which nothing was ever prepared.
            var isFirst = alert.Revision == 1 || alert.DeliveryCount == 0;
            alert = PrepareNotice(alert, isFirst ? NotificationKind.Opened : NotificationKind.Escalated, now);
        }

        var notice = alert.Notice!;
        if (notice is { DeliveredAt: not null })
        {
            // An acknowledged alert whose breach stayed open comes here with its old notice: it needs a new message.
            alert = PrepareNotice(alert, NotificationKind.Reminder, now);
            notice = alert.Notice!;
            events.Add(Event(alert, now, "redelivered", notice.DeliveryId));
        }

        var begun = Begin(notice, now, resumed);
        if (!ReferenceEquals(begun, notice))
        {
            work.Add(new PostMessage(begun));
            alert = alert with { Receipt = alert.Receipt with { FirstAttemptAt = alert.Receipt.FirstAttemptAt ?? now } };
        }

        return alert with { Notice = begun, NextAttemptAt = begun.NextAttemptAt };
    }

    private Alert LookAtAck(Alert alert, DateTimeOffset now, List<AlertWork> work, List<AlertEvent> events)
    {
        if (!alert.Episode.IsOpen)
        {
            return alert with { NextAttemptAt = null };
        }

        var due = (alert.Notice?.DeliveredAt ?? now) + policy.AckTimeout;
        return due > now
            ? alert with { NextAttemptAt = due }
            : LookAtNotice(alert with { Status = AlertStatus.PendingDelivery }, now, resumed: false, work, events);
    }

    private Alert LookAtReminder(Alert alert, DateTimeOffset now, List<AlertWork> work, List<AlertEvent> events)
    {
        if (!alert.Episode.IsOpen || alert.Acknowledgement is not { } ack)
        {
            return alert with { NextAttemptAt = null };
        }

        var due = ack.At + policy.RemindOpenAfter;
        return due > now
            ? alert with { NextAttemptAt = due }
            : LookAtNotice(alert with { Status = AlertStatus.PendingDelivery, Acknowledgement = null }, now, resumed: false, work, events);
    }

    private bool IsSuppressed(Alert alert) => alert.Transient && !policy.DeliverTransient && alert.Receipt.FirstAttemptAt is null;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;

    private static AlertEvent Event(Alert alert, DateTimeOffset at, string kind, string detail) => new(at, kind, alert.Revision, detail);

    private static string Figure(EpisodeReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Episode.Key.Metric.Name()} {report.Episode.Value:0.0000} {report.Episode.Unit} against {report.Episode.Threshold:0.0000}");
}
