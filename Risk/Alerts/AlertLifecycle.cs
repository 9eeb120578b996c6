using System.Globalization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// The rules of an alert. Each method takes the alert and an event, and returns the changed alert, the additions to its history, and the work to begin
/// once that is stored.
/// </summary>
/// <param name="compose">Writes the body of a message; called once per message.</param>
/// <param name="alertRoutes">Which endpoints a message goes to; null: to the one of section <c>Webhook</c>.</param>
public sealed partial class AlertLifecycle(
    AlertPolicy policy, Func<Alert, NotificationKind, DateTimeOffset, string> compose, IAlertRoutes? alertRoutes = null)
{
    private readonly IAlertRoutes _routes = alertRoutes ?? new OneRoute();

    /// <summary>A desk reports an episode. A report older than the last one received changes nothing.</summary>
    public AlertStep OnReport(Alert? alert, EpisodeReport report, DateTimeOffset now)
    {
        if (alert is null)
        {
            return Open(report, now);
        }

        if (report.Sequence <= alert.Report.Sequence)
        {
            return AlertStep.Unchanged(alert);
        }

        var next = alert with { Report = report };
        var events = new List<AlertEvent>();
        if (report.Episode.Revision > alert.Revision)
        {
            // The new revision needs its own message and its own ack, so the retries of the older message end here.
            next = next with { Status = AlertStatus.PendingAnalysis, Analysis = null, Notice = null, Acknowledgement = null, Snooze = null, NextAttemptAt = null, OperatorNotifiedAt = null };
            AddEscalations(events, report, alert.Revision, now);
        }

        if (alert.Episode.IsOpen && !report.Episode.IsOpen)
        {
            events.Add(Cured(next, now));
            if (next.Notice is { SaysCured: false } && MayHaveBeenRead(next) && !IsSuppressed(next))
            {
                next = PrepareCureNotice(next, now);
            }
            else if (next.Notice is { DeliveredAt: null, InFlight: false } notice && (notice.IsPending || notice.Kind == NotificationKind.Reminder))
            {
                next = Overtake(next, now);
            }
            else if (next.Notice is { SaysCured: false, HasWork: true })
            {
                next = EndWaiting(next);
            }
        }

        return Evaluate(next, now, resumed: false, events);
    }

    /// <summary>The analyst has answered. An analysis of an older revision is dropped.</summary>
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

        return Evaluate(next, now, resumed: false, events);
    }

    /// <summary>Does what is due. It may be called at any time and repeatedly.</summary>
    /// <param name="resumed">The alert was just loaded, so work that the row calls in flight was lost with its worker, and there may be an endpoint now.</param>
    /// <returns>A step with <see cref="AlertStep.Changed"/> false when nothing is to be stored.</returns>
    /// <param name="endpointsChanged">There may be an endpoint now for what waits for one.</param>
    public AlertStep Evaluate(Alert alert, DateTimeOffset now, bool resumed, bool endpointsChanged = false)
    {
        var step = Evaluate(alert, now, resumed, [], endpointsChanged);
        return step.Events.Count == 0 && step.Alert == alert ? AlertStep.Unchanged(alert, step.Work) : step;
    }

    /// <summary>An operator sends a dead letter again.</summary>
    /// <returns>Null when neither the alert nor one of its deliveries is a dead letter.</returns>
    public AlertStep? Replay(Alert alert, string by, DateTimeOffset now)
    {
        var next = alert.Status == AlertStatus.DeadLetter ? alert with { Status = AlertStatus.PendingDelivery, Notice = null } : RenewExhausted(alert, now);
        if (next == alert)
        {
            return null;
        }

        return Evaluate(next, now, resumed: false, [Event(next, now, "replayed", $"by {by}")]);
    }

    /// <summary>The first report that arrives need not be the first that was sent, so earlier steps that it implies become history too.</summary>
    private AlertStep Open(EpisodeReport report, DateTimeOffset now)
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
        var isFirst = report.Episode is { Revision: 1, IsOpen: true };
        var opened = isFirst ? $"{report.Episode.Severity.Name()}: {Figure(report, report.Episode.Value)}" : Figure(report, report.Episode.OpenedValue);
        var events = new List<AlertEvent> { new(now, "opened", 1, opened) };
        AddEscalations(events, report, 1, now);
        if (!report.Episode.IsOpen)
        {
            events.Add(Cured(alert, now));
        }

        return Evaluate(alert, now, resumed: false, events);
    }

    /// <summary>One event for each revision, also for those whose own report came late.</summary>
    private static void AddEscalations(List<AlertEvent> events, EpisodeReport report, int from, DateTimeOffset now)
    {
        for (var revision = from + 1; revision <= report.Episode.Revision; revision++)
        {
            events.Add(new AlertEvent(now, "escalated", revision, revision == report.Episode.Revision
                ? $"{report.Episode.Severity.Name()}: {Figure(report, report.Episode.Value)}"
                : "overtaken by the next revision"));
        }
    }

    private static AlertEvent Cured(Alert alert, DateTimeOffset now) =>
        Event(alert, now, "cured", string.Create(CultureInfo.InvariantCulture, $"{alert.Episode.CureReason}{(alert.Transient ? ", within one transaction" : "")}"));

    private AlertStep Evaluate(Alert alert, DateTimeOffset now, bool resumed, List<AlertEvent> events, bool endpointsChanged = false)
    {
        var work = new List<AlertWork>();
        var next = alert.Status switch
        {
            AlertStatus.PendingAnalysis => EvaluateAnalysis(alert, now, resumed, work),
            AlertStatus.PendingDelivery => EvaluateNotice(resumed || endpointsChanged ? Reroute(alert) : alert, now, events),
            AlertStatus.Delivered => EvaluateAck(alert, now, events),
            AlertStatus.Consumed => EvaluateReminder(alert, now, events),
            _ => alert with { NextAttemptAt = null },
        };

        // The message goes on to its other endpoints after the first has it.
        var isNoticeSent = next.Status is AlertStatus.PendingDelivery or AlertStatus.Delivered or AlertStatus.DeadLetter && !IsSuppressed(next);
        foreach (var message in new[] { isNoticeSent ? next.Notice : null, next.CureNotice }.OfType<Notification>().Where(message => message.HasWork))
        {
            AddPosts(message, now, resumed, endpointsChanged, work);
            next = next with { NextAttemptAt = Instants.Earlier(next.NextAttemptAt, message.NextAttemptAt) };
        }

        return new AlertStep(NotifyOperator(next, now, events), events, work);
    }

    private Alert EvaluateAnalysis(Alert alert, DateTimeOffset now, bool resumed, List<AlertWork> work)
    {
        // A lease that ends later than one that begins now was written by a clock that has been set back since.
        if (!resumed && alert.NextAttemptAt > now && alert.NextAttemptAt - now <= policy.AnalysisLease)
        {
            return alert;
        }

        work.Add(new AnalyseBreach(alert.Revision));
        return alert with { NextAttemptAt = now + policy.AnalysisLease };
    }

    private Alert EvaluateNotice(Alert alert, DateTimeOffset now, List<AlertEvent> events)
    {
        if (IsSuppressed(alert))
        {
            return alert with { NextAttemptAt = null };
        }

        if (alert.Notice is null)
        {
            // No message of this alert was ever prepared, so no receiver knows of it.
            var isFirst = alert.Revision == 1 || alert.DeliveryCount == 0;
            alert = PrepareNotice(alert, isFirst ? NotificationKind.Opened : NotificationKind.Escalated, now);
        }
        else if (alert.Notice is { DeliveredAt: not null })
        {
            // An acknowledged alert whose breach stayed open comes here with its old notice: it needs a new message.
            alert = PrepareNotice(alert, NotificationKind.Reminder, now);
            events.Add(Event(alert, now, "redelivered", alert.Notice!.DeliveryId));
        }

        return alert with { NextAttemptAt = alert.Notice!.NextAttemptAt };
    }

    private void AddPosts(Notification message, DateTimeOffset now, bool resumed, bool endpointsChanged, List<AlertWork> work) =>
        work.AddRange(message.Deliveries.Where(delivery => IsWanted(delivery, now, resumed, endpointsChanged)).Select(delivery => new PostMessage(message, delivery)));

    private Alert EvaluateAck(Alert alert, DateTimeOffset now, List<AlertEvent> events)
    {
        if (!alert.Episode.IsOpen)
        {
            return alert with { NextAttemptAt = null };
        }

        var due = Snoozed(alert, Due(alert, alert.Notice?.DeliveredAt ?? now, policy.AckTimeout, now));
        return due > now ? alert with { NextAttemptAt = due }
            : !IsReminded(alert) ? alert with { NextAttemptAt = now + policy.AckTimeout }
            : EvaluateNotice(alert with { Status = AlertStatus.PendingDelivery }, now, events);
    }

    /// <summary>Some endpoint takes reminders. Where none does, the wait begins again, since the configuration may change.</summary>
    private bool IsReminded(Alert alert) => _routes.For(alert, NotificationKind.Reminder).Count > 0;

    private Alert EvaluateReminder(Alert alert, DateTimeOffset now, List<AlertEvent> events)
    {
        if (!alert.Episode.IsOpen || alert.Acknowledgement is not { } ack)
        {
            return alert with { NextAttemptAt = null };
        }

        var due = Snoozed(alert, Due(alert, ack.At, policy.RemindOpenAfter, now));
        if (due > now)
        {
            return alert with { NextAttemptAt = due };
        }

        if (!IsReminded(alert))
        {
            return alert with { NextAttemptAt = now + policy.RemindOpenAfter };
        }

        // Write a message again that was never posted, because its body is a day old. The escalation begins anew, because somebody had acknowledged it.
        var notice = alert.Notice is { DeliveredAt: null } ? null : alert.Notice;
        return EvaluateNotice(
            alert with { Status = AlertStatus.PendingDelivery, Acknowledgement = null, Notice = notice, NoticedAt = null, OperatorNotifiedAt = null }, now, events);
    }

    /// <summary>When a wait ends. If it began in the future, the clock was set back, and the wait starts again now.</summary>
    private static DateTimeOffset Due(Alert alert, DateTimeOffset since, TimeSpan wait, DateTimeOffset now) =>
        since <= now ? since + wait
        : alert.NextAttemptAt is { } noticed && noticed - now <= wait ? noticed
        : now + wait;

    private bool IsSuppressed(Alert alert) => alert.Transient && !policy.DeliverTransient && alert.Receipt.FirstAttemptAt is null;

    /// <summary>Its message was delivered, or a caller acknowledged it.</summary>
    private static bool MayHaveBeenRead(Alert alert) => alert.Notice is { DeliveredAt: not null } || alert.Acknowledgement is not null;

    private static AlertEvent Event(Alert alert, DateTimeOffset at, string kind, string detail) => new(at, kind, alert.Revision, detail);

    private static string Figure(EpisodeReport report, decimal value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Episode.Key.Metric.Name()} {value:0.0000} {Units.Beside(report.Episode.Unit)} against {report.Episode.Threshold:0.0000}");

    private sealed class OneRoute : IAlertRoutes
    {
        private static readonly EndpointRoute[] s_default = [EndpointRoute.Default];

        public IReadOnlyList<EndpointRoute> For(Alert alert, NotificationKind kind) => s_default;
    }
}
