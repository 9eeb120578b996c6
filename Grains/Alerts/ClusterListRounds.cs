using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Alerts;

/// <summary>The rounds of an endpoint are those of its grain, of which the cluster has one.</summary>
internal sealed class ClusterListRounds(IGrainFactory grains) : IListRounds
{
    public Task<Guid?> EnterAsync(string endpoint, Guid member, TimeSpan length) => Of(endpoint).EnterAsync(member, length);

    public Task<RoundTurn> WaitAsync(string endpoint, Guid round) => Of(endpoint).WaitAsync(round);

    public Task<DeliveryResult> SendAsync(string endpoint, Guid round, Guid member, IReadOnlyList<OutgoingMessage> messages) => Of(endpoint).SendAsync(round, member, messages);

    private IListRoundsGrain Of(string endpoint) => grains.GetGrain<IListRoundsGrain>(endpoint);
}
