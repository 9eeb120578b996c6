using Orleans.Storage;

namespace RiskMonitor.Offline.Tests;

public sealed class StateTests
{
    [Fact]
    public async Task What_was_written_is_there_in_the_next_activation_and_what_was_not_is_gone()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<IStateGrain>(Cluster.Key());
        Assert.False(await grain.ExistsAsync());

        await grain.AddAsync(save: true);
        Assert.Equal(2, await grain.AddAsync(save: false));
        await grain.LeaveAsync();

        Assert.True(await grain.ExistsAsync());
        Assert.Equal(2, await grain.AddAsync(save: true));
    }

    [Fact]
    public async Task A_cleared_state_is_a_new_one()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<IStateGrain>(Cluster.Key());
        await grain.AddAsync(save: true);

        await grain.ClearAsync();

        Assert.False(await grain.ExistsAsync());
        Assert.Equal(1, await grain.AddAsync(save: true));
    }

    [Fact]
    public async Task An_inconsistent_state_that_escapes_ends_the_activation_and_the_next_one_reads_again()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<IStateGrain>(Cluster.Key());
        await grain.AddAsync(save: true);
        await grain.AddAsync(save: false);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.ConflictAsync());

        Assert.Equal(2, await grain.AddAsync(save: false));
    }
}
