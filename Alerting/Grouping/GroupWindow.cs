using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>The window of a process that is alone.</summary>
internal sealed class GroupWindow : IGroupWindow
{
    /// <summary>A longer list is several: the page that acknowledges one has a time limit.</summary>
    public const int MostMessages = 1_000;

    private readonly TimeSpan _length;
    private readonly Func<ValueTask<DeliveryPermit>> _acquire;
    private readonly Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> _send;
    private readonly TimeProvider _time;
    private readonly WaitingPlaces _waiting;
    private readonly Lock _lock = new();
    private DateTimeOffset _until;

    /// <param name="length">How long messages are gathered after one has gone.</param>
    /// <param name="acquire">Waits for the endpoint's permission to post once.</param>
    /// <param name="send">One attempt with a list; a list of one is an ordinary message.</param>
    public GroupWindow(TimeSpan length, Func<ValueTask<DeliveryPermit>> acquire, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, TimeProvider time)
    {
        _length = length;
        _acquire = acquire;
        _send = send;
        _time = time;
        _waiting = new WaitingPlaces(GrantAsync);
    }

    public bool TryGoAlone()
    {
        lock (_lock)
        {
            if (_waiting.IsGranting || Remaining() > TimeSpan.Zero)
            {
                return false;
            }

            _until = _time.GetUtcNow() + _length;
            return true;
        }
    }

    public ValueTask<DeliveryPermit> JoinAsync(CancellationToken cancellationToken) => _waiting.JoinAsync(cancellationToken);

    private async Task GrantAsync()
    {
        TimeSpan wait;
        lock (_lock)
        {
            wait = Remaining();
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
            places = _waiting.Take(permit.NoEndpoint is null ? MostMessages : int.MaxValue);
            _until = _time.GetUtcNow() + _length;
        }

        WaitingPlace.Grant(places, permit, _send, _time);
    }

    /// <summary>A clock that was set back must not keep the window open for as long.</summary>
    private TimeSpan Remaining() => _until - _time.GetUtcNow() is var wait && wait <= _length ? wait : TimeSpan.Zero;
}
