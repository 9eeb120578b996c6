using Orleans.Runtime;
using RiskMonitor.Silo.Clustering;

namespace RiskMonitor.Grains.Tests;

/// <summary>On which silos desks are.</summary>
public class PlacementTests
{
    private const int Desks = 200;

    [Fact]
    public async Task Desks_are_spread_over_the_silos()
    {
        await using var cluster = await StartAsync();

        await TradeAsync(cluster, 1);

        var share = await ShareAsync(cluster);
        Assert.Equal(2, share.Count);
        Assert.All(share.Values, desks => Assert.InRange(desks, Desks / 4, Desks * 3 / 4));
    }

    [Fact]
    public async Task A_silo_that_was_restarted_takes_its_share_of_the_desks_again()
    {
        await using var cluster = await StartAsync();
        await TradeAsync(cluster, 1);
        await cluster.StopAsync((await ShareAsync(cluster)).Keys.First());
        await TradeAsync(cluster, 2);
        Assert.Equal(Desks, Assert.Single(await ShareAsync(cluster)).Value);

        await cluster.StartSiloAsync();

        await Eventually.IsTrueAsync("each silo has a quarter of the desks at the least", async () =>
            await ShareAsync(cluster) is { Count: 2 } share && share.Values.All(desks => desks >= Desks / 4));

        // Desks that have moved go on where they were.
        await TradeAsync(cluster, 3);
        for (var desk = 0; desk < Desks; desk++)
        {
            Assert.Equal(3m, (await cluster.ReadAsync(Name(desk))).Totals.Net);
        }
    }

    private static async Task TradeAsync(RiskCluster cluster, int offset) => await Task.WhenAll(Enumerable.Range(0, Desks).Select(desk => Eventually.SucceedsAsync(
        $"{Name(desk)} trades", () => cluster.ApplyAsync(Name(desk), RiskCluster.Put(offset, Name(desk), $"P{desk}", offset)))));

    private static async Task<IReadOnlyDictionary<SiloAddress, int>> ShareAsync(RiskCluster cluster)
    {
        var activations = await cluster.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return activations.Where(activation => activation.GrainId.Type == GrainType.Create("desk")).GroupBy(activation => activation.SiloAddress).ToDictionary(silo => silo.Key, silo => silo.Count());
    }

    private static Task<RiskCluster> StartAsync()
    {
        var prepared = RiskCluster.Prepare();
        prepared.ConfigureSilos = silo => ClusterServices.BalanceDesks(silo, new OrleansOptions { BalanceInterval = TimeSpan.FromSeconds(3) });
        return RiskCluster.StartAsync(prepared, silos: 2);
    }

    private static string Name(int desk) => $"Desk {desk}";
}
