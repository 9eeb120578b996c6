using System.Globalization;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <content>Messages, the attempts to deliver them, and their waits.</content>
public sealed partial class AlertLifecycle
{
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
        if (result.Outcome == DeliveryOutcome.Failed && !alert.Episode.IsOpen && !ended.SaysCured)
        {
            return Look(Overtake(next, now), now, resumed: false, events);
        }

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

    /// <summary>The breach ended while a message that calls it open was still to be delivered: what goes out from now on says so.</summary>
    private Alert Overtake(Alert alert, DateTimeOffset now) => alert.Notice is { Kind: NotificationKind.Reminder } reminder
        ? PrepareCureNotice(
            alert with
            {
                Status = AlertStatus.Delivered,
                Notice = reminder with { InFlight = false, NextAttemptAt = null, DeliveredAt = alert.Receipt.DeliveredAt ?? now },
            },
            now)
        : alert with { Notice = null };

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
            Deliveries = [.. alert.Deliveries.TakeLast(Alert.DeliveriesKept - 1), new PastDelivery(deliveryId, alert.Revision, Sha256(notice.Body))],
        };
        return (next, notice);
    }
}
