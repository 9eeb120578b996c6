using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>The window of a process that is alone.</summary>
internal sealed class GroupWindow : IGroupWindow
{
    private readonly TimeSpan _length;
    private readonly Func<ValueTask<DeliveryPermit>> _acquire;
    private readonly Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> _send;
    private readonly TimeProvider _time;
    private readonly WaitingPlaces _waiting;
    private readonly Lock _lock = new();
    private readonly GatheringTime _gathering;

    /// <param name="length">How long messages are gathered after one has gone.</param>
    /// <param name="acquire">Waits for the endpoint's permission to post once.</param>
    /// <param name="send">One attempt with a list; a list of one is an ordinary message.</param>
    public GroupWindow(TimeSpan length, Func<ValueTask<DeliveryPermit>> acquire, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, TimeProvider time)
    {
        _length = length;
        _acquire = acquire;
        _send = send;
        _time = time;
        _gathering = new GatheringTime(time);
        _waiting = new WaitingPlaces(GrantAsync);
    }

    public bool TryGoAlone()
    {
        lock (_lock)
        {
            if (_waiting.IsGranting || _gathering.Left(_length) > TimeSpan.Zero)
            {
                return false;
            }

            _gathering.Begin(_length);
            return true;
        }
    }

    public ValueTask<DeliveryPermit> JoinAsync(CancellationToken cancellationToken) => _waiting.JoinAsync(cancellationToken);

    private async Task GrantAsync()
    {
        TimeSpan wait;
        lock (_lock)
        {
            wait = _gathering.Left(_length);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time);
        }

        // Whoever comes while the endpoint is busy or left alone is in the list too.
        var permit = await _acquire();
        List<WaitingPlace> places;
        lock (_lock)
        {
            places = _waiting.TakeFor(permit);
            _gathering.Begin(_length);
        }

        WaitingPlace.Grant(places, permit, _send, _time);
    }
}
