using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// The rules of an alert's life. Each method takes the alert as it is and what happened, and answers with the alert as it is then, what to
/// add to its history, and the work to begin once that is stored.
/// </summary>
/// <param name="compose">Writes the body of a message; called once per delivery.</param>
public sealed class AlertLifecycle(AlertPolicy policy, Func<Alert, NotificationKind, DateTimeOffset, string> compose)
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

    /// <summary>An attempt ended. One that was overtaken is dropped.</summary>
    /// <param name="draw">A number drawn evenly from 0 to 1, for the jitter of the next wait.</param>
    public AlertStep Attempted(Alert alert, string deliveryId, int attempt, DeliveryResult result, DateTimeOffset now, double draw)
    {
        if (alert.Notice is { } notice && notice.DeliveryId == deliveryId)
        {
            return Attempted(alert, notice, attempt, result, now, draw, isCureNotice: false);
        }

        if (alert.CureNotice is { } cureNotice && cureNotice.DeliveryId == deliveryId)
        {
            return Attempted(alert, cureNotice, attempt, result, now, draw, isCureNotice: true);
        }

        return AlertStep.Unchanged(alert);
    }

    /// <summary>The risk manager acknowledges. Accepted whenever the current revision can have been read; repeating it changes nothing.</summary>
    public (AlertStep Step, AckAnswer Answer) Acknowledge(Alert alert, AckRequest request, DateTimeOffset now)
    {
        if (Refusal(alert, request) is { } refusal)
        {
            return (AlertStep.Unchanged(alert), refusal);
        }

        if (alert.Status == AlertStatus.Consumed)
        {
            return (AlertStep.Unchanged(alert), Answer(alert, AckOutcome.Repeated));
        }

        var next = alert with
        {
            Status = AlertStatus.Consumed,
            Acknowledgement = new Acknowledgement(
                request.By, request.OnBehalfOf, request.Comment, request.Disposition, request.DeliveryId ?? alert.Notice?.DeliveryId, alert.Revision, now),
            // An ack from inside the webhook handler overtakes the handler's own answer, and proves the delivery.
            Notice = alert.Notice is { } notice ? notice with { InFlight = false, NextAttemptAt = null, DeliveredAt = notice.DeliveredAt ?? now } : null,
            Receipt = alert.Notice is null ? alert.Receipt : alert.Receipt with { DeliveredAt = alert.Receipt.DeliveredAt ?? now },
        };
        if (!next.Episode.IsOpen && next.Notice is { SaysCured: false } && next.CureNotice is null && !IsSuppressed(next))
        {
            next = PrepareCureNotice(next, now);
        }

        var detail = request.Disposition is null ? $"by {request.By}" : $"by {request.By}: {request.Disposition.Value.Name()}";
        var step = Look(next, now, resumed: false, [Event(next, now, "acknowledged", detail)]);
        return (step, Answer(step.Alert, AckOutcome.Accepted));
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
            alert = PrepareNotice(alert, alert.Revision > 1 ? NotificationKind.Escalated : NotificationKind.Opened, now);
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

    /// <summary>Begins the next attempt when it is due, or when the one before was lost with its worker.</summary>
    private Notification Begin(Notification notice, DateTimeOffset now, bool resumed)
    {
        if (notice.InFlight)
        {
            // Lost with its worker: begun again as the same attempt, because the receiver has not refused it.
            return resumed || notice.NextAttemptAt <= now ? notice with { NextAttemptAt = now + policy.AttemptLease } : notice;
        }

        return notice.NextAttemptAt is null || notice.NextAttemptAt <= now
            ? notice with { Attempts = notice.Attempts + 1, InFlight = true, NextAttemptAt = now + policy.AttemptLease }
            : notice;
    }

    private AlertStep Attempted(Alert alert, Notification notice, int attempt, DeliveryResult result, DateTimeOffset now, double draw, bool isCureNotice)
    {
        if (notice.DeliveredAt is not null || (result.Outcome != DeliveryOutcome.Delivered && attempt != notice.Attempts))
        {
            return AlertStep.Unchanged(alert);
        }

        var events = new List<AlertEvent>();
        var ended = result.Outcome switch
        {
            DeliveryOutcome.Delivered => notice with { InFlight = false, DeliveredAt = now, NextAttemptAt = null, LastError = null },
            DeliveryOutcome.NoEndpoint => notice with
            {
                InFlight = false,
                Attempts = notice.Attempts - 1,
                NextAttemptAt = now + policy.NoEndpointDelay,
                LastError = result.Detail,
            },
            _ => notice with { InFlight = false, NextAttemptAt = NextAttempt(notice.Attempts, result, now, draw), LastError = result.Detail },
        };
        var exhausted = result.Outcome == DeliveryOutcome.Failed && ended.NextAttemptAt is null;
        if (result.Outcome != DeliveryOutcome.NoEndpoint)
        {
            events.Add(Event(
                alert,
                now,
                result.Outcome == DeliveryOutcome.Delivered ? "delivered" : exhausted ? "dead_letter" : "attempt_failed",
                string.Create(CultureInfo.InvariantCulture, $"{notice.DeliveryId} {notice.Kind.TypeName()} attempt {notice.Attempts}: {result.Detail}")));
        }

        if (isCureNotice)
        {
            // It needs no ack; when nobody takes it, the alert itself stays what it is.
            return Look(alert with { CureNotice = exhausted ? null : ended }, now, resumed: false, events);
        }

        var next = alert with { Notice = ended };
        if (result.Outcome == DeliveryOutcome.Delivered)
        {
            next = next with { Status = AlertStatus.Delivered, Receipt = next.Receipt with { DeliveredAt = next.Receipt.DeliveredAt ?? now } };
            if (!next.Episode.IsOpen && !ended.SaysCured && next.CureNotice is null)
            {
                next = PrepareCureNotice(next, now);
            }
        }
        else if (exhausted)
        {
            next = next with { Status = AlertStatus.DeadLetter };
        }

        return Look(next, now, resumed: false, events);
    }

    private DateTimeOffset? NextAttempt(int attempts, DeliveryResult result, DateTimeOffset now, double draw)
    {
        if (policy.DelayAfter(attempts, draw) is not { } delay)
        {
            return null;
        }

        return now + (result.RetryAfter > delay ? result.RetryAfter.Value : delay);
    }

    private Alert PrepareNotice(Alert alert, NotificationKind kind, DateTimeOffset now)
    {
        var (next, notice) = Prepare(alert, kind, now);
        return next with { Notice = notice };
    }

    private Alert PrepareCureNotice(Alert alert, DateTimeOffset now)
    {
        var (next, notice) = Prepare(alert, NotificationKind.Cured, now);
        return next with { CureNotice = notice };
    }

    private (Alert Alert, Notification Notice) Prepare(Alert alert, NotificationKind kind, DateTimeOffset now)
    {
        var deliveryId = AlertIdentity.DeliveryId(alert.AlertId, alert.DeliveryCount + 1);
        var notice = new Notification(
            deliveryId, kind, alert.Revision, compose(alert, kind, now), !alert.Episode.IsOpen, now, 0, false, null, null, null);
        var next = alert with
        {
            DeliveryCount = alert.DeliveryCount + 1,
            Deliveries = [.. alert.Deliveries.TakeLast(Alert.DeliveriesKept - 1), new PastDelivery(deliveryId, alert.Revision)],
        };
        return (next, notice);
    }

    private static AckAnswer? Refusal(Alert alert, AckRequest request)
    {
        if (request.DeliveryId is { } deliveryId)
        {
            if (alert.Deliveries.FirstOrDefault(past => past.DeliveryId == deliveryId) is not { } delivery)
            {
                return Answer(alert, AckOutcome.Invalid, $"delivery_id '{deliveryId}' is not one of this alert; send the webhook-id that you received, or leave it out");
            }

            if (delivery.Revision != alert.Revision)
            {
                return Answer(
                    alert,
                    AckOutcome.Conflict,
                    string.Create(CultureInfo.InvariantCulture, $"delivery_id '{deliveryId}' is of revision {delivery.Revision}; the alert has escalated to revision {alert.Revision}, which needs its own ack"));
            }
        }

        if (alert.Status == AlertStatus.PendingAnalysis)
        {
            return Answer(alert, AckOutcome.Conflict, "the current revision is still being analysed and was not delivered yet; acknowledge it when it arrives");
        }

        if (request.PayloadSha256 is { } sha && alert.Notice is { } notice
            && !string.Equals(sha, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(notice.Body))), StringComparison.OrdinalIgnoreCase))
        {
            return Answer(alert, AckOutcome.Invalid, "payload_sha256 is not that of the body delivered; hash the raw bytes of the request body, or leave it out");
        }

        return null;
    }

    private static AckAnswer Answer(Alert alert, AckOutcome outcome, string? problem = null) =>
        new(outcome, alert.Status, alert.Revision, alert.Acknowledgement?.At, problem, alert.Notice?.DeliveryId);

    private bool IsSuppressed(Alert alert) => alert.Transient && !policy.DeliverTransient && alert.Receipt.FirstAttemptAt is null;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;

    private static AlertEvent Event(Alert alert, DateTimeOffset at, string kind, string detail) => new(at, kind, alert.Revision, detail);

    private static string Figure(EpisodeReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Episode.Key.Metric.Name()} {report.Episode.Value:0.0000} {report.Episode.Unit} against {report.Episode.Threshold:0.0000}");
}
