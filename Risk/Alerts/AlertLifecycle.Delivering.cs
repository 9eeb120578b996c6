using System.Globalization;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <content>Messages, the attempts to deliver them, and their waits.</content>
public sealed partial class AlertLifecycle
{
    /// <summary>
    /// There is a permit to post a message, so its next attempt begins. An attempt that was lost with its worker begins again under the same number, because
    /// the receiver has not refused it; the caller knows that it is not being posted.
    /// </summary>
    /// <returns>An unchanged step when the message is not to be posted now.</returns>
    public AlertStep Begin(Alert alert, string deliveryId, DateTimeOffset now)
    {
        if (Find(alert, deliveryId) is not { IsPending: true } message || !(message.InFlight || message.NoEndpoint || IsDue(message, now)))
        {
            return AlertStep.Unchanged(alert);
        }

        var begun = message with
        {
            Attempts = message.InFlight ? message.Attempts : message.Attempts + 1,
            InFlight = true,
            NoEndpoint = false,
            NextAttemptAt = now + policy.AttemptLease,
        };
        if (IsCureNotice(alert, deliveryId))
        {
            return Evaluate(alert with { CureNotice = begun }, now, resumed: false, []);
        }

        return alert.Status != AlertStatus.PendingDelivery || IsSuppressed(alert)
            ? AlertStep.Unchanged(alert)
            : Evaluate(alert with { Notice = begun, Receipt = alert.Receipt with { FirstAttemptAt = alert.Receipt.FirstAttemptAt ?? now } }, now, resumed: false, []);
    }

    /// <summary>There is no endpoint for a message. It waits for the next start and is not written again before.</summary>
    /// <param name="why">Why there is none; readers of the alert see it.</param>
    public AlertStep WithoutEndpoint(Alert alert, string deliveryId, string why, DateTimeOffset now)
    {
        if (Find(alert, deliveryId) is not { IsPending: true } message || (message.NoEndpoint && message.LastError == why))
        {
            return AlertStep.Unchanged(alert);
        }

        return Evaluate(Replace(alert, message with { InFlight = false, NoEndpoint = true, NextAttemptAt = null, LastError = why }), now, resumed: false, []);
    }

    /// <summary>An attempt ended. The result of an older message is dropped. An attempt that was posted twice, because it counted as lost, counts once.</summary>
    /// <param name="draw">A number drawn evenly from 0 to 1, for the jitter of the next wait.</param>
    public AlertStep Attempted(Alert alert, string deliveryId, int attempt, DeliveryResult result, DateTimeOffset now, double draw)
    {
        if (Find(alert, deliveryId) is not { DeliveredAt: null } message
            || (result.Outcome != DeliveryOutcome.Delivered && !(message.InFlight && attempt == message.Attempts)))
        {
            return AlertStep.Unchanged(alert);
        }

        if (result.Outcome == DeliveryOutcome.NoEndpoint)
        {
            return WithoutEndpoint(Replace(alert, message with { InFlight = false, Attempts = message.Attempts - 1 }), deliveryId, result.Detail, now);
        }

        var ended = message with
        {
            InFlight = false,
            NoEndpoint = result.Outcome == DeliveryOutcome.Gone,
            DeliveredAt = result.Outcome == DeliveryOutcome.Delivered ? now : null,
            NextAttemptAt = result.Outcome == DeliveryOutcome.Failed ? NextAttempt(message.Attempts, result, now, draw) : null,
            LastError = result.Outcome == DeliveryOutcome.Delivered ? null : result.Detail,
        };
        var isCureNotice = IsCureNotice(alert, deliveryId);
        var isOvertaken = result.Outcome != DeliveryOutcome.Delivered && !isCureNotice && !alert.Episode.IsOpen && !ended.SaysCured;
        var isExhausted = !ended.IsPending && ended.DeliveredAt is null && !isOvertaken;
        var happened = Event(
            alert,
            now,
            ended.DeliveredAt is not null ? "delivered" : isExhausted ? "dead_letter" : "attempt_failed",
            string.Create(CultureInfo.InvariantCulture, $"{ended.DeliveryId} {ended.Kind.TypeName()} attempt {attempt}: {result.Detail}"));
        var next = Replace(alert, ended);
        if (!isCureNotice)
        {
            next = isOvertaken ? Overtake(next, now)
                : ended.DeliveredAt is not null ? Delivered(next, now)
                : isExhausted ? next with { Status = AlertStatus.DeadLetter }
                : next;
        }

        // A cure notice needs no ack; when it cannot be delivered, the alert itself does not change.
        return Evaluate(next, now, resumed: false, [happened]);
    }

    private Alert Delivered(Alert alert, DateTimeOffset now)
    {
        var next = alert with { Status = AlertStatus.Delivered, Receipt = alert.Receipt with { DeliveredAt = alert.Receipt.DeliveredAt ?? now } };
        return !next.Episode.IsOpen && next is { Notice.SaysCured: false, CureNotice: null } ? PrepareCureNotice(next, now) : next;
    }

    /// <summary>The breach ended while a message that calls it open was still to be delivered, so the message is written again.</summary>
    private Alert Overtake(Alert alert, DateTimeOffset now) => alert.Notice is { Kind: NotificationKind.Reminder } reminder
        ? PrepareCureNotice(
            alert with
            {
                Status = AlertStatus.Delivered,
                Notice = Ended(reminder) with { DeliveredAt = alert.Receipt.DeliveredAt ?? now },
            },
            now)
        : alert with { Notice = null };

    /// <summary>The message needs no further attempt.</summary>
    private static Notification Ended(Notification message) => message with { InFlight = false, NoEndpoint = false, NextAttemptAt = null };

    private static Notification? Find(Alert alert, string deliveryId) =>
        alert.Notice is { } notice && notice.DeliveryId == deliveryId ? notice : IsCureNotice(alert, deliveryId) ? alert.CureNotice : null;

    private static bool IsCureNotice(Alert alert, string deliveryId) => alert.CureNotice is { } cureNotice && cureNotice.DeliveryId == deliveryId;

    private static Alert Replace(Alert alert, Notification message) =>
        IsCureNotice(alert, message.DeliveryId) ? alert with { CureNotice = message } : alert with { Notice = message };

    /// <summary>The message is due. A due time further away than any wait was written by a clock that has been set back since.</summary>
    private bool IsDue(Notification message, DateTimeOffset now) => message.NextAttemptAt <= now || message.NextAttemptAt - now > policy.LongestWaitAfter(message.Attempts);

    /// <summary>The message is to be posted, or posted again because the attempt was lost.</summary>
    private bool IsWanted(Notification message, DateTimeOffset now, bool resumed) => message.IsPending && (
        message.InFlight ? resumed || message.NextAttemptAt <= now || message.NextAttemptAt - now > policy.AttemptLease
        : message.NoEndpoint ? resumed
        : IsDue(message, now));

    private DateTimeOffset? NextAttempt(int attempts, DeliveryResult result, DateTimeOffset now, double draw)
    {
        if (policy.DelayAfter(attempts, draw) is not { } delay)
        {
            return null;
        }

        var asked = result.RetryAfter < AlertPolicy.LongestRetryAfter ? result.RetryAfter.Value : result.RetryAfter is null ? TimeSpan.Zero : AlertPolicy.LongestRetryAfter;
        return now + (asked > delay ? asked : delay);
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
            deliveryId, kind, alert.Revision, compose(alert, kind, now), !alert.Episode.IsOpen, now, 0, false, now, null, null);
        var next = alert with
        {
            DeliveryCount = alert.DeliveryCount + 1,
            Deliveries = [.. alert.Deliveries.TakeLast(Alert.DeliveriesKept - 1), new PastDelivery(deliveryId, alert.Revision, Sha256(notice.Body))],
        };
        return (next, notice);
    }
}
