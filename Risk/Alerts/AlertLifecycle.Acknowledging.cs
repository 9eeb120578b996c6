using System.Globalization;

namespace RiskMonitor.Risk.Alerts;

/// <content>Which acks are accepted, and what they change.</content>
public sealed partial class AlertLifecycle
{
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
            // An ack from inside the webhook handler overtakes the handler's own answer, and proves the delivery of what was posted.
            Notice = alert.Notice is { } notice ? Read(alert, notice, request.DeliveryId, now) : null,
            Receipt = alert.Notice is { Attempts: > 0 } ? alert.Receipt with { DeliveredAt = alert.Receipt.DeliveredAt ?? now } : alert.Receipt,
        };
        // The message of a dead letter was not delivered, so the caller has read it only if the caller names it.
        var mayHaveRead = alert.Status != AlertStatus.DeadLetter || (request.DeliveryId is { } named && named == alert.Notice?.DeliveryId);
        if (!next.Episode.IsOpen && next.Notice is { SaysCured: false, DeliveredAt: not null } && next.CureNotice is null && mayHaveRead && !IsSuppressed(next))
        {
            next = PrepareCureNotice(next, now);
        }

        var detail = request.Disposition is null ? $"by {request.By}" : $"by {request.By}: {request.Disposition.Value.Name()}";
        var step = Evaluate(next, now, resumed: false, [Event(next, now, "acknowledged", detail)]);
        return (step, Answer(step.Alert, AckOutcome.Accepted));
    }

    /// <summary>
    /// The message was read, so no endpoint is sent it any more. What was posted to the endpoint named is delivered; where none is named, what was posted to
    /// the first.
    /// </summary>
    private static Notification Read(Alert alert, Notification notice, string? deliveryId, DateTimeOffset now)
    {
        var ended = Ended(alert, notice);
        if (notice is { DeliveredAt: not null } && deliveryId is null)
        {
            return ended;
        }

        var posted = ended.Deliveries.FirstOrDefault(delivery => delivery is { Attempts: > 0, DeliveredAt: null } && (deliveryId is null || delivery.DeliveryId == deliveryId));
        ended = posted is null ? ended : ended.With([Stamped(alert, posted with { DeliveredAt = now })]);
        return ended with { DeliveredAt = ended.DeliveredAt ?? (notice.Attempts > 0 ? now : null) };
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

        if (request.PayloadSha256 is { } sha && !alert.Deliveries.Any(past =>
            (request.DeliveryId is null ? past.Revision == alert.Revision : past.DeliveryId == request.DeliveryId)
            && string.Equals(sha, past.BodySha256, StringComparison.OrdinalIgnoreCase)))
        {
            return Answer(alert, AckOutcome.Invalid, "payload_sha256 is not that of the body delivered; hash the raw bytes of the request body, or leave it out");
        }

        return null;
    }

    private static AckAnswer Answer(Alert alert, AckOutcome outcome, string? problem = null) => new(
        outcome,
        alert.Status,
        alert.Revision,
        alert.Acknowledgement?.At,
        problem,
        alert.Notice?.DeliveryId,
        alert.Acknowledgement?.By,
        alert.Acknowledgement?.OnBehalfOf);
}
