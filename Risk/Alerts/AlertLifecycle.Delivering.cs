using System.Globalization;

namespace RiskMonitor.Risk.Alerts;

/// <content>The attempts to deliver messages, and their waits.</content>
public sealed partial class AlertLifecycle
{
    /// <summary>
    /// There is a permit to post a message, so its next attempt begins. An attempt that was lost with its worker begins again under the same number, because
    /// the receiver has not refused it; the caller knows that it is not being posted.
    /// </summary>
    /// <returns>An unchanged step when the message is not to be posted now.</returns>
    public AlertStep Begin(Alert alert, string deliveryId, DateTimeOffset now)
    {
        if (Find(alert, deliveryId) is not ({ } message, { IsPending: true } delivery) || !(delivery.InFlight || delivery.NoEndpoint || IsDue(delivery, now)))
        {
            return AlertStep.Unchanged(alert);
        }

        var begun = delivery with
        {
            Attempts = delivery.InFlight ? delivery.Attempts : delivery.Attempts + 1,
            InFlight = true,
            NoEndpoint = false,
            NextAttemptAt = now + policy.AttemptLease,
        };
        if (!IsCureNotice(alert, message))
        {
            if (alert.Status is AlertStatus.PendingAnalysis or AlertStatus.Consumed || IsSuppressed(alert))
            {
                return AlertStep.Unchanged(alert);
            }

            alert = alert with { Receipt = alert.Receipt with { FirstAttemptAt = alert.Receipt.FirstAttemptAt ?? now } };
        }

        return Evaluate(Replace(alert, message, begun), now, resumed: false, []);
    }

    /// <summary>There is no endpoint for a message. It waits for the next start and is not written again before.</summary>
    /// <param name="why">Why there is none; readers of the alert see it.</param>
    public AlertStep WithoutEndpoint(Alert alert, string deliveryId, string why, DateTimeOffset now)
    {
        if (Find(alert, deliveryId) is not ({ } message, { IsPending: true } delivery) || (delivery.NoEndpoint && delivery.LastError == why))
        {
            return AlertStep.Unchanged(alert);
        }

        return Evaluate(Replace(alert, message, delivery with { InFlight = false, NoEndpoint = true, NextAttemptAt = null, LastError = why }), now, resumed: false, []);
    }

    /// <summary>An attempt ended. The result of an older message is dropped. An attempt that was posted twice, because it counted as lost, counts once.</summary>
    /// <param name="draw">A number drawn evenly from 0 to 1, for the jitter of the next wait.</param>
    public AlertStep Attempted(Alert alert, string deliveryId, int attempt, DeliveryResult result, DateTimeOffset now, double draw)
    {
        if (Find(alert, deliveryId) is not ({ } message, { DeliveredAt: null } delivery)
            || (result.Outcome != DeliveryOutcome.Delivered && !(delivery.InFlight && attempt == delivery.Attempts)))
        {
            return AlertStep.Unchanged(alert);
        }

        if (result.Outcome == DeliveryOutcome.NoEndpoint)
        {
            return WithoutEndpoint(
                Replace(alert, message, delivery with { InFlight = false, Attempts = delivery.Attempts - 1, NextAttemptAt = now }), deliveryId, result.Detail, now);
        }

        var isDelivered = result.Outcome == DeliveryOutcome.Delivered;
        var isCureNotice = IsCureNotice(alert, message);
        var isOvertaken = !isDelivered && !isCureNotice && !alert.Episode.IsOpen && !message.SaysCured;
        var ended = delivery with
        {
            InFlight = false,
            NoEndpoint = result.Outcome == DeliveryOutcome.Gone && !isOvertaken,
            DeliveredAt = isDelivered ? now : null,
            NextAttemptAt = result.Outcome == DeliveryOutcome.Failed && !isOvertaken ? NextAttempt(delivery.Attempts, result, now, draw) : null,
            LastError = isDelivered ? null : result.Detail,
            LastStatus = result.Status,
            LastAnswer = result.Answer,
            LatencyMs = result.Took is { } took ? Math.Round(took.TotalMilliseconds, 1) : null,
        };
        ended = ended with { Exhausted = !ended.IsPending && !isDelivered && !isOvertaken };
        var to = ended.Endpoint == EndpointRoute.DefaultEndpoint ? "" : $"{ended.Endpoint}: ";
        var happened = Event(
            alert,
            now,
            isDelivered ? "delivered" : ended.Exhausted ? "dead_letter" : "attempt_failed",
            string.Create(CultureInfo.InvariantCulture, $"{ended.DeliveryId} {message.Kind.TypeName()} attempt {attempt}: {to}{result.Detail}"));
        var next = Replace(alert, message, ended);
        if (!isCureNotice)
        {
            next = isDelivered && ended.Required ? Delivered(next, now)
                : ended.Exhausted && next is { Status: AlertStatus.PendingDelivery, Notice.IsPending: false } ? next with { Status = AlertStatus.DeadLetter }
                : next;

            // The breach ended while attempts with a message that calls it open were under way. The last of them has ended without a required endpoint reached.
            if (next is { Status: AlertStatus.PendingDelivery, Episode.IsOpen: false, Notice: { SaysCured: false, DeliveredAt: null, InFlight: false } })
            {
                next = Overtake(next, now);
            }
        }

        // A cure notice needs no ack; when it cannot be delivered, the alert itself does not change.
        return Evaluate(next, now, resumed: false, [happened]);
    }

    private Alert Delivered(Alert alert, DateTimeOffset now)
    {
        if (alert.Status is not (AlertStatus.PendingDelivery or AlertStatus.DeadLetter))
        {
            // Another required endpoint was first, or the alert was acknowledged meanwhile.
            return alert;
        }

        var next = alert with { Status = AlertStatus.Delivered, Receipt = alert.Receipt with { DeliveredAt = alert.Receipt.DeliveredAt ?? now } };
        return !next.Episode.IsOpen && next is { Notice.SaysCured: false, CureNotice: null } ? PrepareCureNotice(next, now) : next;
    }

    /// <summary>The breach ended while a message that calls it open was still to be delivered, so the message is written again.</summary>
    private Alert Overtake(Alert alert, DateTimeOffset now) => alert.Notice is { Kind: NotificationKind.Reminder } reminder
        ? PrepareCureNotice(
            alert with
            {
                Status = AlertStatus.Delivered,
                Notice = Ended(alert, reminder) with { DeliveredAt = alert.Receipt.DeliveredAt ?? now },
            },
            now)
        : alert with { Notice = null };

    /// <summary>The message needs no further attempt at any endpoint.</summary>
    private static Notification Ended(Alert alert, Notification message) =>
        message.With(message.Deliveries.Where(delivery => delivery.IsPending || delivery.Exhausted).Select(delivery => Stamped(alert, Stopped(delivery))));

    /// <summary>The message is not to be sent again. Attempts under way are left to end.</summary>
    private static Alert EndWaiting(Alert alert) => alert.Notice is not { } notice ? alert : alert with
    {
        Notice = notice.With(notice.Deliveries.Where(delivery => delivery is { IsPending: true, InFlight: false }).Select(delivery => Stamped(alert, Stopped(delivery)))),
    };

    private static EndpointDelivery Stopped(EndpointDelivery delivery) => delivery with { InFlight = false, NoEndpoint = false, NextAttemptAt = null, Exhausted = false };

    private static (Notification? Message, EndpointDelivery? Delivery) Find(Alert alert, string deliveryId) => alert.Messages
        .SelectMany(message => message.Deliveries, (message, delivery) => (message, delivery))
        .FirstOrDefault(found => found.delivery.DeliveryId == deliveryId);

    private static bool IsCureNotice(Alert alert, Notification message) => ReferenceEquals(alert.CureNotice, message);

    private static Alert Replace(Alert alert, Notification message, EndpointDelivery delivery)
    {
        var changed = message.With([Stamped(alert, delivery)]);
        return IsCureNotice(alert, message) ? alert with { CureNotice = changed } : alert with { Notice = changed };
    }

    /// <summary>Marks a delivery as changed by the write that follows.</summary>
    private static EndpointDelivery Stamped(Alert alert, EndpointDelivery delivery) => delivery with { Version = alert.Version + 1 };

    /// <summary>The message is due. A due time further away than any wait was written by a clock that has been set back since.</summary>
    private bool IsDue(EndpointDelivery delivery, DateTimeOffset now) =>
        delivery.NextAttemptAt <= now || delivery.NextAttemptAt - now > policy.LongestWaitAfter(delivery.Attempts);

    /// <summary>The message is to be posted to this endpoint, or posted again because the attempt was lost.</summary>
    private bool IsWanted(EndpointDelivery delivery, DateTimeOffset now, bool resumed, bool endpointsChanged) => delivery.IsPending && (
        delivery.InFlight ? resumed || delivery.NextAttemptAt <= now || delivery.NextAttemptAt - now > policy.AttemptLease
        : delivery.NoEndpoint ? resumed || endpointsChanged
        : IsDue(delivery, now));

    private DateTimeOffset? NextAttempt(int attempts, DeliveryResult result, DateTimeOffset now, double draw)
    {
        if (policy.DelayAfter(attempts, draw) is not { } delay)
        {
            return null;
        }

        var asked = result.RetryAfter < AlertPolicy.LongestRetryAfter ? result.RetryAfter.Value : result.RetryAfter is null ? TimeSpan.Zero : AlertPolicy.LongestRetryAfter;
        return now + (asked > delay ? asked : delay);
    }
}
