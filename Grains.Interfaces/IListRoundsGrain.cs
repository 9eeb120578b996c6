using Orleans;
using Orleans.Concurrency;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>Gathers the messages of all silos to one endpoint that people read. Its key is the endpoint's name. See <see cref="IListRounds"/>.</summary>
[Alias("RiskMonitor.IListRoundsGrain")]
public interface IListRoundsGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IListRounds.EnterAsync"/>
    [AlwaysInterleave]
    [Alias("Enter")]
    Task<Guid?> EnterAsync(Guid member, TimeSpan length);

    /// <inheritdoc cref="IListRounds.WaitAsync"/>
    [AlwaysInterleave]
    [Alias("Wait")]
    Task<RoundTurn> WaitAsync(Guid round);

    /// <inheritdoc cref="IListRounds.SendAsync"/>
    [AlwaysInterleave]
    [ResponseTimeout("00:03:00")]
    [Alias("Send")]
    Task<DeliveryResult> SendAsync(Guid round, Guid member, IReadOnlyList<OutgoingMessage> messages);
}
