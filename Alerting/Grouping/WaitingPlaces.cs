using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>
/// Messages that wait to be sent, and the loop that grants their places as long as any wait. They wait for their permit, before their attempt begins: what is waiting when the process
/// dies is due in its alert's row.
/// </summary>
/// <param name="grant">Grants some places. It must not throw.</param>
internal sealed class WaitingPlaces(Func<Task> grant)
{
    private readonly Lock _lock = new();
    private readonly List<WaitingPlace> _waiting = [];
    private bool _isGranting;

    /// <summary>Messages wait, or waited until a moment ago.</summary>
    public bool IsGranting
    {
        get
        {
            lock (_lock)
            {
                return _isGranting;
            }
        }
    }

    /// <summary>Waits, without a time limit, for a place.</summary>
    public async ValueTask<DeliveryPermit> JoinAsync(CancellationToken cancellationToken)
    {
        var place = new WaitingPlace();
        bool isFirst;
        lock (_lock)
        {
            _waiting.Add(place);
            isFirst = !_isGranting;
            _isGranting = true;
        }

        if (isFirst)
        {
            // Not on the scheduler of the grain that happens to be the first.
            _ = Task.Run(GrantAsync, CancellationToken.None);
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => Leave(place, cancellationToken), null);
        return await place.Permit;
    }

    /// <summary>Takes places that have waited the longest; the caller grants them.</summary>
    public List<WaitingPlace> Take(int most)
    {
        lock (_lock)
        {
            List<WaitingPlace> places = [.. _waiting.Take(most)];
            _waiting.RemoveRange(0, places.Count);
            return places;
        }
    }

    /// <summary>Takes what goes with one permit: as many as a list may have, or all where nothing can be posted.</summary>
    public List<WaitingPlace> TakeFor(DeliveryPermit permit) => Take(permit.NoEndpoint is null ? GatheringTime.MostMessages : int.MaxValue);

    private async Task GrantAsync()
    {
        bool more;
        do
        {
            await grant();
            lock (_lock)
            {
                _isGranting = more = _waiting.Count > 0;
            }
        }
        while (more);
    }

    private void Leave(WaitingPlace place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _waiting.Remove(place);
        }

        place.Leave(cancellationToken);
    }
}

/// <summary>A message that waits.</summary>
internal sealed class WaitingPlace
{
    private readonly TaskCompletionSource<DeliveryPermit> _permit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<DeliveryPermit> Permit => _permit.Task;

    public void Grant(DeliveryPermit permit)
    {
        if (!_permit.TrySetResult(permit))
        {
            // Its grain was deactivated meanwhile.
            permit.Dispose();
        }
    }

    public void Leave(CancellationToken cancellationToken) => _permit.TrySetCanceled(cancellationToken);

    /// <summary>Grants places with one permit of the endpoint: a single one to post alone, several to be posted as one list.</summary>
    public static void Grant(List<WaitingPlace> places, DeliveryPermit permit, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, TimeProvider time)
    {
        if (permit.NoEndpoint is { } why)
        {
            places.ForEach(place => place.Grant(DeliveryPermit.WithoutEndpoint(why)));
        }
        else if (places is [var single])
        {
            single.Grant(permit);
        }
        else if (places.Count == 0)
        {
            permit.Dispose();
        }
        else
        {
            GrantTogether(places, permit, send, time);
        }
    }

    /// <summary>Grants places that are posted as one list, also where it is one place.</summary>
    /// <param name="permit">Of the endpoint, for the list; disposed when it has been posted.</param>
    public static void GrantTogether(
        List<WaitingPlace> places, DeliveryPermit permit, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, TimeProvider time)
    {
        foreach (var (place, granted) in places.Zip(DeliveryGroup.Begin(places.Count, send, permit, time)))
        {
            place.Grant(granted);
        }
    }
}
