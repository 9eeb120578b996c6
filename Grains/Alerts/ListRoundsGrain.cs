using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Alerts;

/// <summary>
/// Gathers the messages of all silos to one endpoint, and posts each round from its own silo. It keeps nothing: what waits or was brought when its silo dies is due in the rows of
/// the alerts. Its calls interleave, so that none waits for a round or for the receiver of another.
/// </summary>
[GrainType("list-rounds")]
[Immovable]
internal sealed partial class ListRoundsGrain(IAlertSender sender, TimeProvider clock, ILogger<ListRoundsGrain> logger) : Grain, IListRoundsGrain
{
    /// <summary>Shorter than the time in which a silo that stops lets its grains end.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    /// <summary>A silo brings what it has within five seconds. One that died must not delay the others for much longer.</summary>
    private static readonly TimeSpan s_bringTimeout = TimeSpan.FromSeconds(7);

    private readonly Dictionary<Guid, ListRound> _rounds = [];
    private readonly CancellationTokenSource _deactivated = new();
    private readonly GatheringTime _time = new(clock);
    private ListRound? _gathering;
    private TimeSpan _length;

    private string Endpoint => this.GetPrimaryKeyString();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Members that wait enter the rounds of the next activation.
        _deactivated.Cancel();
        return Task.CompletedTask;
    }

    public Task<Guid?> EnterAsync(Guid member, TimeSpan length)
    {
        _length = length;
        if (_gathering is null)
        {
            if (_time.Left(length) <= TimeSpan.Zero)
            {
                _time.Begin(length);
                return Task.FromResult<Guid?>(null);
            }

            _gathering = new ListRound();
            _rounds.Add(_gathering.Id, _gathering);
            _ = RunAsync(_gathering);
        }

        _gathering.Add(member);
        return Task.FromResult<Guid?>(_gathering.Id);
    }

    public async Task<RoundTurn> WaitAsync(Guid round)
    {
        if (!_rounds.TryGetValue(round, out var found))
        {
            return new RoundTurn(RoundState.Unknown);
        }

        await Task.WhenAny(found.Ended, Task.Delay(s_longestWait, clock));
        return found.Ended.IsCompleted ? await found.Ended : new RoundTurn(RoundState.Gathering);
    }

    public async Task<DeliveryResult> SendAsync(Guid round, Guid member, IReadOnlyList<OutgoingMessage> messages)
    {
        if (_rounds.TryGetValue(round, out var found))
        {
            var brought = found.Bring(member, messages);
            return messages.Count == 0 ? Nothing : await brought.Result.Task;
        }

        // The round has been posted, or this activation never knew it: a list of its own.
        var late = new BroughtMessages(messages);
        if (messages.Count > 0)
        {
            using var permit = await sender.AcquirePermitAloneAsync(Endpoint, _deactivated.Token);
            await PostAsync([late]);
        }

        return messages.Count == 0 ? Nothing : await late.Result.Task;
    }

    private static DeliveryResult Nothing => new(DeliveryOutcome.NoEndpoint, "there was no message");

    private async Task RunAsync(ListRound round)
    {
        try
        {
            var wait = _time.Left(_length);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, _deactivated.Token);
            }

            // Whoever comes while the endpoint is busy or left alone is in the list, too.
            using var permit = await sender.AcquirePermitAloneAsync(Endpoint, _deactivated.Token);
            _gathering = null;
            _time.Begin(_length);
            round.End(permit.NoEndpoint is { } why ? new RoundTurn(RoundState.NoEndpoint, why) : new RoundTurn(RoundState.Ended));
            await Task.WhenAny(round.AllBrought, Task.Delay(s_bringTimeout, clock));
            _rounds.Remove(round.Id);
            await PostAsync(round.Take());
        }
        catch (Exception exception)
        {
            if (!_deactivated.IsCancellationRequested)
            {
                LogFailed(exception, Endpoint);
            }

            _gathering = ReferenceEquals(_gathering, round) ? null : _gathering;
            _rounds.Remove(round.Id);
            round.End(new RoundTurn(RoundState.Unknown));
            round.Take().ForEach(brought => brought.Result.TrySetException(exception));
        }
    }

    /// <summary>Posts what was brought, in as few lists as it fits in. What fails is the failed attempt of the alerts in that list alone.</summary>
    private async Task PostAsync(List<BroughtMessages> brought)
    {
        while (brought.Count > 0)
        {
            var fits = 1;
            for (var messages = brought[0].Messages.Count; fits < brought.Count && (messages += brought[fits].Messages.Count) <= GatheringTime.MostMessages; fits++)
            {
                // One more fits.
            }

            var together = brought[..fits];
            brought = brought[fits..];
            try
            {
                var result = await sender.SendTogetherAsync(Endpoint, [.. together.SelectMany(some => some.Messages)]);
                together.ForEach(some => some.Result.TrySetResult(result));
            }
            catch (Exception exception)
            {
                together.ForEach(some => some.Result.TrySetException(exception));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round of messages to the endpoint {Endpoint} could not be gathered; its members begin another one")]
    private partial void LogFailed(Exception exception, string endpoint);
}
