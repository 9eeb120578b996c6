using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>
/// Gathers the messages that come to an endpoint soon after another one, so that a storm of breaches is one list. The first message after a quiet time
/// goes at once. Messages wait here for their permit, before their attempt begins: what is waiting when the process dies is due in its alert's row.
/// </summary>
/// <param name="length">How long messages are gathered after one has gone.</param>
/// <param name="acquire">Waits for the endpoint's permission to post once.</param>
/// <param name="send">One attempt with a list; a list of one is an ordinary message.</param>
internal sealed class GroupWindow(
    TimeSpan length, Func<ValueTask<DeliveryPermit>> acquire, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, TimeProvider time)
{
    /// <summary>A longer list is several: the page that acknowledges one has a time limit.</summary>
    private const int MostMessages = 1_000;

    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource<DeliveryPermit>> _waiting = [];
    private bool _isGathering;
    private DateTimeOffset _until;

    /// <summary>Whether a message may go alone, without waiting. If so, those that follow it are gathered from now on.</summary>
    public bool TryGoAlone()
    {
        lock (_lock)
        {
            if (_isGathering || Remaining() > TimeSpan.Zero)
            {
                return false;
            }

            _until = time.GetUtcNow() + length;
            return true;
        }
    }

    /// <summary>Waits, without a time limit, for a place in the next list.</summary>
    public async ValueTask<DeliveryPermit> JoinAsync(CancellationToken cancellationToken)
    {
        var place = new TaskCompletionSource<DeliveryPermit>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isFirst;
        lock (_lock)
        {
            _waiting.Add(place);
            isFirst = !_isGathering;
            _isGathering = true;
        }

        if (isFirst)
        {
            // Not on the scheduler of the grain that happens to be the first.
            _ = Task.Run(GatherAsync, CancellationToken.None);
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => Leave(place, cancellationToken), null);
        return await place.Task;
    }

    private void Leave(TaskCompletionSource<DeliveryPermit> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _waiting.Remove(place);
        }

        place.TrySetCanceled(cancellationToken);
    }

    private async Task GatherAsync()
    {
        bool more;
        do
        {
            TimeSpan wait;
            lock (_lock)
            {
                wait = Remaining();
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time);
            }

            // Whoever comes while the endpoint is busy or left alone is in the list too.
            var permit = await acquire();
            List<TaskCompletionSource<DeliveryPermit>> places;
            lock (_lock)
            {
                places = [.. _waiting.Take(permit.NoEndpoint is null ? MostMessages : _waiting.Count)];
                _waiting.RemoveRange(0, places.Count);
                _until = time.GetUtcNow() + length;
                _isGathering = more = _waiting.Count > 0;
            }

            Grant(permit, places);
        }
        while (more);
    }

    private void Grant(DeliveryPermit permit, List<TaskCompletionSource<DeliveryPermit>> places)
    {
        if (permit.NoEndpoint is { } why)
        {
            places.ForEach(place => place.TrySetResult(DeliveryPermit.WithoutEndpoint(why)));
            return;
        }

        if (places.Count == 0)
        {
            permit.Dispose();
            return;
        }

        var permits = places.Count == 1 ? [permit] : DeliveryGroup.Begin(places.Count, send, permit, time);
        foreach (var (place, granted) in places.Zip(permits))
        {
            if (!place.TrySetResult(granted))
            {
                // Its grain was deactivated meanwhile.
                granted.Dispose();
            }
        }
    }

    /// <summary>A clock that was set back must not keep the window open for as long.</summary>
    private TimeSpan Remaining() => _until - time.GetUtcNow() is var wait && wait <= length ? wait : TimeSpan.Zero;
}
