using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Alerts;

/// <content>
/// Posting messages. A message waits for its turn beside the grain, unwritten; with the turn its attempt begins in the row, and only then is it
/// posted. An attempt whose worker is alive is never begun again, however long it takes.
/// </content>
internal sealed partial class AlertGrain
{
    /// <summary>The messages that this activation waits to post, or posts, by delivery id.</summary>
    private readonly Dictionary<string, PostMessage> _posting = [];

    /// <summary>Names this activation to its own work: what an earlier one began is begun again here.</summary>
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
        Ended(deliveryId, worker);
        return _alert is null ? Task.CompletedTask : ApplyAsync(lifecycle.WithoutEndpoint(_alert, deliveryId, why, clock.GetUtcNow()));
    }

    /// <summary>Where a turn is free, or where it is known that there is no endpoint, that is stored within the same write.</summary>
    /// <param name="permits">Receives the permits of the attempts that have begun.</param>
    /// <returns>The step with the work that is left to begin, without messages that are already waited for.</returns>
    private AlertStep BeginWhereThereIsAPermit(AlertStep step, Dictionary<string, DeliveryPermit> permits)
    {
        var work = new List<AlertWork>(step.Work.Where(work => work is not PostMessage));
        var posts = new Queue<PostMessage>(step.Work.OfType<PostMessage>());
        while (posts.TryDequeue(out var post))
        {
            var deliveryId = post.Notification.DeliveryId;
            if (!_posting.TryAdd(deliveryId, post))
            {
                continue;
            }

            if (sender.TryAcquirePermit(step.Alert.Desk) is not { } permit)
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

    private void Ended(string deliveryId, Guid worker)
    {
        if (worker == _worker)
        {
            _posting.Remove(deliveryId);
        }
    }

    /// <summary>Runs beside the grain's turns; what is to be stored goes back as a message.</summary>
    /// <param name="permit">The permit with which the attempt has begun; null: wait for one, and begin it then.</param>
    private async Task PostAsync(string desk, PostMessage post, DeliveryPermit? permit)
    {
        var (deliveryId, body) = (post.Notification.DeliveryId, post.Notification.Body);
        var attempt = permit is null ? null : AttemptOf(_alert!, deliveryId);
        var self = this.AsReference<IAlertWorkGrain>();
        try
        {
            if (permit is null)
            {
                permit = await sender.AcquirePermitAsync(desk, _deactivated.Token);
                if (permit.NoEndpoint is { } why)
                {
                    await self.WithoutEndpointAsync(deliveryId, why, _worker);
                    return;
                }

                attempt = await self.BeginAttemptAsync(deliveryId, _worker);
            }

            if (attempt is { } number)
            {
                var result = await SendAsync(desk, deliveryId, body);
                permit.Dispose();
                await self.AttemptedAsync(deliveryId, number, result, _worker);
                return;
            }
        }
        catch (OperationCanceledException) when (_deactivated.IsCancellationRequested)
        {
            // The next activation finds the message due.
        }
        catch (Exception exception)
        {
            LogWorkFailed(exception, "delivery", _alertId);
        }
        finally
        {
            permit?.Dispose();
        }

        // A message that was begun again meanwhile is another one's.
        if (ReferenceEquals(_posting.GetValueOrDefault(deliveryId), post))
        {
            _posting.Remove(deliveryId);
        }
    }

    private async Task<DeliveryResult> SendAsync(string desk, string deliveryId, string body)
    {
        var began = clock.GetTimestamp();
        try
        {
            return await sender.SendAsync(desk, deliveryId, body, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // A sender that fails in a way of its own must not be asked for the same attempt for ever.
            LogWorkFailed(exception, "delivery", _alertId);
            return new DeliveryResult(DeliveryOutcome.Failed, $"the message could not be sent: {exception.GetType().Name}");
        }
        finally
        {
            metrics.Attempted(clock.GetElapsedTime(began));
        }
    }

    private static int? AttemptOf(Alert alert, string deliveryId) =>
        alert.Notice?.DeliveryId == deliveryId ? alert.Notice.Attempts : alert.CureNotice?.DeliveryId == deliveryId ? alert.CureNotice.Attempts : null;
}
