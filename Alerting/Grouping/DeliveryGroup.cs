using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>
/// One list under way. Each alert stores that its attempt has begun and then brings its message; when all have come or left, the list is posted, and its
/// result is that of each message. So each alert's row says what became of its own message.
/// </summary>
internal sealed class DeliveryGroup
{
    /// <summary>An alert whose row is written so slowly is in a second list, instead of delaying the first.</summary>
    private static readonly TimeSpan s_gatherTimeout = TimeSpan.FromSeconds(5);

    private readonly Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> _send;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private List<(OutgoingMessage Message, TaskCompletionSource<DeliveryResult> Result)> _come = [];
    private readonly TaskCompletionSource _allCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _outstanding;

    private DeliveryGroup(int members, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, TimeProvider time)
    {
        _outstanding = members;
        _send = send;
        _time = time;
    }

    /// <param name="permit">Of the endpoint, for the list; disposed when it has been posted.</param>
    /// <returns>A permit for each message.</returns>
    public static IReadOnlyList<DeliveryPermit> Begin(
        int members, Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send, DeliveryPermit permit, TimeProvider time)
    {
        var group = new DeliveryGroup(members, send, time);
        _ = Task.Run(() => group.RunAsync(permit), CancellationToken.None);
        return [.. Enumerable.Range(0, members).Select(_ => new Place(group)).Select(place => DeliveryPermit.Granted(place.Leave, place))];
    }

    private async Task RunAsync(DeliveryPermit permit)
    {
        using var held = permit;
        bool more;
        do
        {
            await Task.WhenAny(_allCame.Task, Task.Delay(s_gatherTimeout, _time));
            List<(OutgoingMessage Message, TaskCompletionSource<DeliveryResult> Result)> come;
            lock (_lock)
            {
                (come, _come) = (_come, []);
                more = _outstanding > 0;
            }

            await SendAsync(come);
        }
        while (more);
    }

    private async Task SendAsync(List<(OutgoingMessage Message, TaskCompletionSource<DeliveryResult> Result)> come)
    {
        if (come.Count == 0)
        {
            return;
        }

        try
        {
            var result = await _send([.. come.Select(one => one.Message)]);
            come.ForEach(one => one.Result.SetResult(result));
        }
        catch (Exception exception)
        {
            // Each alert records it as a failed attempt of its own.
            come.ForEach(one => one.Result.SetException(exception));
        }
    }

    private Task<DeliveryResult> ComeAsync(OutgoingMessage message)
    {
        var result = new TaskCompletionSource<DeliveryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _come.Add((message, result));
        }

        Settle();
        return result.Task;
    }

    /// <summary>One more member has come or left.</summary>
    private void Settle()
    {
        lock (_lock)
        {
            if (--_outstanding == 0)
            {
                _allCame.TrySetResult();
            }
        }
    }

    private sealed class Place(DeliveryGroup group) : IDeliveryGroup
    {
        private int _isSettled;

        public Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
            Interlocked.Exchange(ref _isSettled, 1) == 0 ? group.ComeAsync(message) : throw new InvalidOperationException("a place in a list carries one message");

        /// <summary>The message is not to be sent any more, or has been sent.</summary>
        public void Leave()
        {
            if (Interlocked.Exchange(ref _isSettled, 1) == 0)
            {
                group.Settle();
            }
        }
    }
}
