using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>
/// The part of a silo in the one window that an endpoint has in the whole cluster. The silo asks for all its messages at once, so that a storm costs a few calls and not a few for each
/// alert. When the round ends, the alerts of this silo store that their attempts have begun and bring their messages here, and the silo brings them to the round.
/// </summary>
internal sealed class SharedWindow : IGroupWindow
{
    /// <summary>A silo that died is found dead in two to three seconds; after that another one has the rounds.</summary>
    private const int Attempts = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly string _endpoint;
    private readonly TimeSpan _length;
    private readonly IListRounds _rounds;
    private readonly Func<ValueTask<DeliveryPermit>> _acquire;
    private readonly Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> _send;
    private readonly EndpointLog _log;
    private readonly TimeProvider _time;
    private readonly WaitingPlaces _waiting;
    private readonly Guid _member = Guid.NewGuid();
    private int _failures;

    /// <param name="length">How long messages are gathered after one has gone.</param>
    /// <param name="acquire">Waits for this silo's permission to post to the endpoint once.</param>
    /// <param name="send">One attempt of this silo with a list; a list of one is an ordinary message.</param>
    public SharedWindow(
        string endpoint,
        TimeSpan length,
        IListRounds rounds,
        Func<ValueTask<DeliveryPermit>> acquire,
        Func<IReadOnlyList<OutgoingMessage>, Task<DeliveryResult>> send,
        EndpointLog log,
        TimeProvider time)
    {
        _endpoint = endpoint;
        _length = length;
        _rounds = rounds;
        _acquire = acquire;
        _send = send;
        _log = log;
        _time = time;
        _waiting = new WaitingPlaces(GrantAsync);
    }

    /// <summary>Only the rounds know, and to ask them takes a call.</summary>
    public bool TryGoAlone() => false;

    public ValueTask<DeliveryPermit> JoinAsync(CancellationToken cancellationToken) => _waiting.JoinAsync(cancellationToken);

    private async Task GrantAsync()
    {
        try
        {
            await TakeTurnAsync();
            _failures = 0;
        }
        catch (Exception exception)
        {
            _log.RoundFailed(exception, _endpoint);
            if (++_failures < Attempts)
            {
                await Task.Delay(s_pause, _time);
                return;
            }

            // The round may have posted them all the same. A person can be told twice, and must not miss an alert.
            _failures = 0;
            var permit = await _acquire();
            WaitingPlace.Grant(_waiting.TakeFor(permit), permit, _send, _time);
        }
    }

    private async Task TakeTurnAsync()
    {
        if (await _rounds.EnterAsync(_endpoint, _member, _length) is not { } round)
        {
            _waiting.Take(1).ForEach(place => _ = GoAloneAsync(place));
            return;
        }

        RoundTurn turn;
        do
        {
            turn = await _rounds.WaitAsync(_endpoint, round);
        }
        while (turn.State == RoundState.Gathering);

        switch (turn.State)
        {
            case RoundState.NoEndpoint:
                _waiting.Take(int.MaxValue).ForEach(place => place.Grant(DeliveryPermit.WithoutEndpoint(turn.NoEndpoint!)));
                break;
            case RoundState.Ended when _waiting.Take(GatheringTime.MostMessages) is { Count: > 0 } places:
                Bring(places, round);
                break;
            case RoundState.Ended:
                await BringNothingAsync(round);
                break;
        }
    }

    private void Bring(List<WaitingPlace> places, Guid round)
    {
        var hasBrought = false;

        // The round has the endpoint's permit. This one only ends with the last message, or when all have left.
        var permit = DeliveryPermit.Granted(() => _ = hasBrought ? Task.CompletedTask : BringNothingAsync(round));
        WaitingPlace.GrantTogether(places, permit, BringAsync, _time);

        Task<DeliveryResult> BringAsync(IReadOnlyList<OutgoingMessage> messages)
        {
            hasBrought = true;
            return _rounds.SendAsync(_endpoint, round, _member, messages);
        }
    }

    /// <summary>All messages have left, and the other members need not wait.</summary>
    private async Task BringNothingAsync(Guid round)
    {
        try
        {
            await _rounds.SendAsync(_endpoint, round, _member, []);
        }
        catch (Exception exception)
        {
            // They wait some seconds for nothing.
            _log.RoundFailed(exception, _endpoint);
        }
    }

    private async Task GoAloneAsync(WaitingPlace place) => place.Grant(await _acquire());
}
