using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <content>Messages, and the endpoints to which they go.</content>
public sealed partial class AlertLifecycle
{
    private Alert PrepareNotice(Alert alert, NotificationKind kind, DateTimeOffset now)
    {
        // A message that no endpoint takes waits for one.
        var to = _routes.For(alert, kind) is { Count: > 0 } some ? some : [EndpointRoute.None];
        // The clock may have been set back since.
        var since = kind == NotificationKind.Reminder && alert.NoticedAt is { } noticed && noticed <= now ? noticed : now;
        var (next, notice) = Prepare(alert, kind, to, now, since);
        return next with { Notice = notice, NoticedAt = since };
    }

    /// <summary>Says that the breach is over, to those endpoints that want to know it. What was still to be sent of the message before is ended.</summary>
    private Alert PrepareCureNotice(Alert alert, DateTimeOffset now)
    {
        alert = EndWaiting(alert);
        // Whom the escalation has not reached need not know that it is over.
        var to = _routes.For(alert, NotificationKind.Cured)
            .Where(route => route.After == default || alert.Notice?.Deliveries.Any(delivery => delivery.Endpoint == route.Endpoint && delivery.Attempts > 0) == true)
            .Select(route => route with { After = default })
            .ToList();
        if (to.Count == 0)
        {
            return alert;
        }

        var (next, notice) = Prepare(alert, NotificationKind.Cured, to, now, now);
        return next with { CureNotice = notice };
    }

    /// <param name="since">When the escalation began.</param>
    private (Alert Alert, Notification Notice) Prepare(Alert alert, NotificationKind kind, IReadOnlyList<EndpointRoute> to, DateTimeOffset now, DateTimeOffset since)
    {
        var body = compose(alert, kind, now);
        var ordinal = alert.DeliveryCount + 1;
        var first = AlertIdentity.DeliveryId(alert.AlertId, ordinal);
        EndpointDelivery[] deliveries =
        [
            .. to.Select((route, i) => Prepared(
                alert, i == 0 ? first : AlertIdentity.DeliveryId(alert.AlertId, ordinal, route.Endpoint), route.Endpoint, IsRequired(route, to), route.Drivers, Instants.Later(now, since + route.After))),
        ];
        var notice = new Notification(first, kind, alert.Revision, body, !alert.Episode.IsOpen, now, 0, false, now, null, null).To(deliveries);
        return (Remember(alert with { DeliveryCount = ordinal }, notice, deliveries), notice);
    }

    /// <summary>Sends again what single endpoints have given up, as new deliveries. A message that calls the breach open is not sent after its end.</summary>
    private static Alert RenewExhausted(Alert alert, DateTimeOffset now)
    {
        foreach (var message in alert.Messages.ToList())
        {
            var isCureNotice = IsCureNotice(alert, message);
            var exhausted = message.Deliveries.Where(delivery => delivery.Exhausted).ToList();
            var isLate = !isCureNotice && !alert.Episode.IsOpen && !message.SaysCured;
            if (exhausted.Count == 0 || isLate || (alert.Status == AlertStatus.Consumed && !isCureNotice))
            {
                continue;
            }

            var ordinal = alert.DeliveryCount + 1;
            var renewed = exhausted.ConvertAll(delivery => Prepared(
                alert, AlertIdentity.DeliveryId(alert.AlertId, ordinal, delivery.Endpoint), delivery.Endpoint, delivery.Required, delivery.Drivers, now));
            var changed = message.To([.. message.Deliveries.Except(exhausted), .. renewed]);
            alert = Remember(alert with { DeliveryCount = ordinal }, message, renewed) with
            {
                Notice = isCureNotice ? alert.Notice : changed,
                CureNotice = isCureNotice ? changed : alert.CureNotice,
            };
        }

        return alert;
    }

    /// <summary>A message for which there was no endpoint goes to the endpoints that there are now.</summary>
    private Alert Reroute(Alert alert)
    {
        if (alert.Notice is not { NoEndpoint: true, IsPending: true } notice)
        {
            return alert;
        }

        var to = _routes.For(alert, notice.Kind);
        var kept = notice.Deliveries.Where(delivery => !delivery.IsPending || to.Any(route => route.Endpoint == delivery.Endpoint)).ToList();
        var more = to.Where(route => kept.TrueForAll(delivery => delivery.Endpoint != route.Endpoint)).ToList();
        if (more.Count == 0)
        {
            return alert;
        }

        var dropped = notice.Deliveries.Except(kept).Select(delivery => delivery.DeliveryId).ToHashSet();
        var since = alert.NoticedAt ?? notice.CreatedAt;
        var added = more.ConvertAll(route => Prepared(
            alert, AlertIdentity.DeliveryId(alert.AlertId, alert.DeliveryCount, route.Endpoint), route.Endpoint, IsRequired(route, to), route.Drivers, since + route.After));
        var without = alert with { Deliveries = [.. alert.Deliveries.Where(past => !dropped.Contains(past.DeliveryId))] };
        return Remember(without, notice, added) with
        {
            Notice = notice.To([.. kept, .. added]) with { DeliveryId = (kept.FirstOrDefault() ?? added[0]).DeliveryId },
        };
    }

    /// <summary>A delivery of which nothing has been sent.</summary>
    private static EndpointDelivery Prepared(Alert alert, string deliveryId, string endpoint, bool required, bool drivers, DateTimeOffset due) =>
        Stamped(alert, new EndpointDelivery(deliveryId, endpoint, required, drivers, 0, false, due, null, null));

    /// <summary>The alert with these deliveries of a message among those made so far.</summary>
    private static Alert Remember(Alert alert, Notification message, IReadOnlyCollection<EndpointDelivery> added)
    {
        // Endpoints of one clearance get the same bytes.
        var hashes = added.Select(delivery => delivery.Drivers).Distinct().ToDictionary(drivers => drivers, drivers => AlertDocument.Sha256Of(AlertDocument.BodyFor(message.Body, drivers)));
        return alert with
        {
            Deliveries =
            [
                .. alert.Deliveries.TakeLast(Math.Max(0, Alert.DeliveriesKept - added.Count)),
                .. added.Select(delivery => new PastDelivery(delivery.DeliveryId, message.Revision, hashes[delivery.Drivers])),
            ],
        };
    }

    /// <summary>Where none of the endpoints is required, each of them is.</summary>
    private static bool IsRequired(EndpointRoute route, IReadOnlyList<EndpointRoute> to) => route.Required || !to.Any(other => other.Required);
}
