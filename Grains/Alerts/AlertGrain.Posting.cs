using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Alerts;

/// <content>
/// Posting messages. A message waits for a permit beside the grain's turns. With the permit, the attempt is stored; then the message is posted. An attempt
/// whose worker is alive is never begun again, however long it takes.
/// </content>
internal sealed partial class AlertGrain
{
    /// <summary>The messages that this activation waits to post, or posts, by delivery id.</summary>
    private readonly Dictionary<string, PostMessage> _posting = [];

    /// <summary>Identifies the work of this activation. Work of an earlier activation is refused, because this one began it again.</summary>
    private readonly Guid _worker = Guid.NewGuid();
    private readonly CancellationTokenSource _deactivated = new();

    public async Task<int?> BeginAttemptAsync(string deliveryId, Guid worker)
    {
        if (_alert is null || worker != _worker)
        {
            return null;
        }

        var step = lifecycle.Begin(_alert, deliveryId, clock.GetUtcNow());
        await ApplyAsync(step);
        return step.Changed ? AttemptOf(step.Alert, deliveryId) : null;
    }

    public Task WithoutEndpointAsync(string deliveryId, string why, Guid worker)
    {
        EndPosting(deliveryId, worker);
        return _alert is null ? Task.CompletedTask : ApplyAsync(lifecycle.WithoutEndpoint(_alert, deliveryId, why, clock.GetUtcNow()));
    }

    /// <summary>Begins the attempts for which a permit is free, and records a missing endpoint, so that one write stores all of it.</summary>
    /// <param name="permits">Receives the permits of the attempts that have begun.</param>
    /// <returns>The step with the work that is left to begin, without messages that this activation posts already.</returns>
    private AlertStep BeginPermitted(AlertStep step, Dictionary<string, DeliveryPermit> permits)
    {
        var work = new List<AlertWork>(step.Work.Where(work => work is not PostMessage));
        var posts = new Queue<PostMessage>(step.Work.OfType<PostMessage>());
        while (posts.TryDequeue(out var post))
        {
            var deliveryId = post.Delivery.DeliveryId;
            if (!_posting.TryAdd(deliveryId, post))
            {
                continue;
            }

            if (sender.TryAcquirePermit(post.Delivery.Endpoint) is not { } permit)
            {
                work.Add(post);
                continue;
            }

            permits.Add(deliveryId, permit);
            var now = clock.GetUtcNow();
            var next = permit.NoEndpoint is { } why ? lifecycle.WithoutEndpoint(step.Alert, deliveryId, why, now) : lifecycle.Begin(step.Alert, deliveryId, now);
            if (permit.NoEndpoint is null && next.Changed)
            {
                work.Add(post);
            }
            else
            {
                _posting.Remove(deliveryId);
                permits.Remove(deliveryId);
                permit.Dispose();
            }

            step = step.Then(next);
            foreach (var more in next.Work.OfType<PostMessage>())
            {
                posts.Enqueue(more);
            }
        }

        return step with { Work = work };
    }

    private void EndPosting(string deliveryId, Guid worker)
    {
        if (worker == _worker)
        {
            _posting.Remove(deliveryId);
        }
    }

    /// <summary>Runs beside the grain's turns; results come back as messages.</summary>
    /// <param name="permit">The permit with which the attempt has begun; null: wait for one, and begin it then.</param>
    private async Task PostAsync(OutgoingMessage message, PostMessage post, DeliveryPermit? permit)
    {
        var deliveryId = message.DeliveryId;
        var attempt = permit is null ? null : AttemptOf(_alert!, deliveryId);
        var self = this.AsReference<IAlertWorkGrain>();
        try
        {
            if (permit is null)
            {
                permit = await sender.AcquirePermitAsync(message.Endpoint, _deactivated.Token);
                if (permit.NoEndpoint is { } why)
                {
                    await self.WithoutEndpointAsync(deliveryId, why, _worker);
                    return;
                }

                attempt = await self.BeginAttemptAsync(deliveryId, _worker);
            }

            if (attempt is { } number)
            {
                var result = await SendAsync(message, permit.Group);
                permit.Dispose();
                await self.AttemptedAsync(deliveryId, number, result, _worker);
                return;
            }
        }
        catch (OperationCanceledException) when (_deactivated.IsCancellationRequested)
        {
            // The row says that the message is due, so the next activation posts it.
        }
        catch (Exception exception)
        {
            LogWorkFailed(exception, "delivery", _alertId);
        }
        finally
        {
            permit?.Dispose();
        }

        // Another task may post the message by now.
        if (ReferenceEquals(_posting.GetValueOrDefault(deliveryId), post))
        {
            _posting.Remove(deliveryId);
        }
    }

    /// <param name="group">Posts the message together with others; null: it is posted alone.</param>
    private async Task<DeliveryResult> SendAsync(OutgoingMessage message, IDeliveryGroup? group)
    {
        var began = clock.GetTimestamp();
        DeliveryResult result;
        try
        {
            result = await (group?.SendAsync(message, CancellationToken.None) ?? sender.SendAsync(message, CancellationToken.None));
        }
        catch (Exception exception)
        {
            // A sender that throws must not be called for the same attempt again and again.
            LogWorkFailed(exception, "delivery", _alertId);
            result = new DeliveryResult(DeliveryOutcome.Failed, $"the message could not be sent: {exception.GetType().Name}");
        }

        var took = clock.GetElapsedTime(began);
        metrics.Attempted(took);
        return result with { Took = took };
    }

    private static int? AttemptOf(Alert alert, string deliveryId) =>
        alert.Messages.SelectMany(message => message.Deliveries).FirstOrDefault(delivery => delivery.DeliveryId == deliveryId)?.Attempts;
}
