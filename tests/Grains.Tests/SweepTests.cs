using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Silo;

namespace RiskMonitor.Grains.Tests;

/// <summary>The sweep of a cluster of several silos.</summary>
public class SweepTests
{
    [Fact]
    public async Task Of_two_silos_one_sweeps_and_only_its_gauge_counts_the_alerts()
    {
        await using var cluster = await RiskCluster.StartAsync(silos: 2);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));

        await Eventually.IsTrueAsync("the alert is counted", () => cluster.CountedAlerts().Values.Sum() == 1);
        var sweeps = cluster.Sweeps;
        await Eventually.IsTrueAsync("five more sweeps ran", () => cluster.Sweeps >= sweeps + 5);

        var silo = Assert.Single(cluster.SilosThatSwept);
        Assert.Equal([silo], cluster.CountedAlerts().Keys);
    }

    [Fact]
    public async Task Reports_that_fail_for_good_do_not_hide_those_behind_them()
    {
        var cluster = RiskCluster.Prepare();
        cluster.AddServices = services => services.PostConfigure<SweepOptions>(sweep => sweep.AtMost = 1);
        cluster.WrapAlerts = store => new DamagedAlertStore(store, _ => true);
        await using var started = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        await cluster.ApplyAsync("FX", RiskCluster.Put(0, "FX", "B", 1_500));
        var unsent = (await cluster.Stored<IDeskJournalReader>().UnsentAsync(null, null, 10, CancellationToken.None)).Reports;
        Assert.Equal(2, unsent.Count);

        // Nobody asks for the desks after the restart, so only the sweep sends their reports.
        cluster.WrapAlerts = store => new DamagedAlertStore(store, alert => alert == unsent[0].Episode.AlertId);
        await cluster.KillAndRestartAsync();

        await Eventually.IsTrueAsync("the report behind the one that fails is sent", async () =>
            (await cluster.Stored<IDeskJournalReader>().UnsentAsync(null, null, 10, CancellationToken.None)).Reports is [var left] && left.Episode.AlertId == unsent[0].Episode.AlertId);
    }

    [Fact]
    public async Task When_the_silo_that_sweeps_stops_the_other_one_sweeps()
    {
        await using var cluster = await RiskCluster.StartAsync(silos: 2);
        await Eventually.IsTrueAsync("a sweep ran", () => cluster.Sweeps > 0);
        var first = Assert.Single(cluster.SilosThatSwept);

        await cluster.StopAsync(first);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));

        await Eventually.IsTrueAsync("the other silo's sweep counts the alert", () => cluster.CountedAlerts().Values.Sum() == 1);
        Assert.Equal(2, cluster.SilosThatSwept.Count);
    }
}
