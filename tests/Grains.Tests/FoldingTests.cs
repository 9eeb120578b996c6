using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Tests;

public class FoldingTests
{
    private const string Desk = "Rates";

    [Fact]
    public async Task Rows_show_what_was_durable_when_the_desk_was_asked_to_fold()
    {
        await using var cluster = await StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));
        Assert.Equal(Desk, Assert.Single(await UnfoldedAsync(cluster)).Desk);

        await Grain(cluster).FoldAsync();
        Assert.Empty(await UnfoldedAsync(cluster));
        Assert.Equal(10m, Assert.Single((await ListAsync(cluster)).Positions).Delta);

        // Nothing to do now, nor for a desk that nobody has heard of.
        await Grain(cluster).FoldAsync();
        await cluster.Grains.GetGrain<IDeskRiskGrain>("nobody").FoldAsync();
    }

    [Fact]
    public async Task A_desk_that_is_never_idle_folds_when_asked()
    {
        await using var cluster = await StartAsync();
        var applied = 0L;
        using var stop = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, 4).Select(partition => Task.Run(async () =>
        {
            for (var offset = 0L; !stop.IsCancellationRequested; offset++)
            {
                await cluster.ApplyAsync(Desk, RiskCluster.Put(offset, Desk, $"P{partition}-{offset}", 1, partition));
                Interlocked.Increment(ref applied);
            }
        })).ToList();
        for (var asked = 0; asked < 30; asked++)
        {
            var before = Interlocked.Read(ref applied);
            await Task.WhenAll(Grain(cluster).FoldAsync(), Grain(cluster).FoldAsync());
            Assert.True((await ListAsync(cluster)).Total >= before);
        }

        await stop.CancelAsync();
        await Task.WhenAll(lanes);
        await Grain(cluster).FoldAsync();
        Assert.Equal(applied, (await ListAsync(cluster)).Total);
    }

    [Fact]
    public async Task Nobody_waits_for_a_fold_but_those_who_asked_for_it()
    {
        var gate = new StopGate(1, afterTheWrite: false);
        var cluster = RiskCluster.Prepare();
        cluster.FoldInterval = TimeSpan.FromHours(1);
        cluster.WrapJournal = inner => new GatedJournal(inner, null, null, gate);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));
        var stuck = Grain(cluster).FoldAsync();
        await gate.Reached;

        var stuckToo = Grain(cluster).FoldAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(1, Desk, "B", 20));
        await cluster.ApplyAsync(Desk, RiskCluster.Put(2, Desk, "C", 30));
        Assert.Equal(60m, (await cluster.ReadAsync(Desk)).Totals.Net);
        Assert.False(stuck.IsCompleted || stuckToo.IsCompleted);
    }

    [Fact]
    public async Task A_desk_whose_fold_was_lost_says_so_and_folds_after_loading_again()
    {
        await using var cluster = await StartAsync();
        await cluster.ApplyAsync(Desk, RiskCluster.Put(0, Desk, "A", 10));

        // Another activation, of a silo that was thought dead, folds first.
        var journal = cluster.Stored<Risk.Journal.IDeskJournal>();
        var (stored, writer) = await journal.OpenAsync(Desk, CancellationToken.None);
        var other = new Risk.Desks.DeskRisk(Desk);
        stored.Tail.ToList().ForEach(other.Replay);
        Assert.True(await writer.FoldAsync(other.Fold(0), CancellationToken.None));
        await cluster.ApplyAsync(Desk, RiskCluster.Put(1, Desk, "B", 20));
        await Assert.ThrowsAnyAsync<Exception>(() => Grain(cluster).FoldAsync());

        await Eventually.SucceedsAsync("the call is answered", () => Grain(cluster).FoldAsync());
        Assert.Equal(2, (await ListAsync(cluster)).Total);
    }

    private static async Task<RiskCluster> StartAsync()
    {
        var cluster = RiskCluster.Prepare();
        cluster.FoldInterval = TimeSpan.FromHours(1);
        return await RiskCluster.StartAsync(cluster, netLimit: 1_000_000m);
    }

    private static IDeskRiskGrain Grain(RiskCluster cluster) => cluster.Grains.GetGrain<IDeskRiskGrain>(Desk);

    private static Task<PositionPage> ListAsync(RiskCluster cluster) =>
        cluster.Stored<IPositionQueries>().ListAsync(new PositionFilter([Desk]), null, 10, CancellationToken.None);

    private static Task<IReadOnlyList<UnfoldedDesk>> UnfoldedAsync(RiskCluster cluster) =>
        cluster.Stored<IPositionQueries>().UnfoldedAsync(null, CancellationToken.None);
}
