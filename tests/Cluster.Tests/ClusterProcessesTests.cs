using System.Diagnostics;
using System.Net;

namespace RiskMonitor.Cluster.Tests;

[Collection("one cluster at a time")]
public sealed class ClusterProcessesTests(ITestOutputHelper output)
{
    private static readonly string[] s_desks = ["Equities", "FX Forwards", "Rates", "Credit", "Index Options", "Energy"];

    [FactWithMariaDb]
    public async Task Two_silos_an_ingest_and_a_frontend_answer_for_what_is_traded_and_go_on_when_a_silo_is_killed()
    {
        await using var cluster = await RunningCluster.PrepareAsync();
        // Those that need a silo start first, and wait for it.
        var starting = (Frontend: cluster.StartAsync("frontend"), Ingest: cluster.StartAsync("ingest"));
        cluster.Silos.AddRange(await Task.WhenAll(cluster.StartAsync("silo"), cluster.StartAsync("silo")));
        cluster.Frontends.Add(await starting.Frontend);
        cluster.Ingests.Add(await starting.Ingest);
        var frontend = cluster.Frontends[0];
        foreach (var (desk, number) in s_desks.Select((desk, number) => (desk, number)))
        {
            cluster.Trader.Open(number % RunningCluster.Partitions, $"P{number}", desk, 1_000 * (number + 1));
        }

        await AgreesAsync(cluster, frontend);
        foreach (var process in cluster.Frontends.Concat(cluster.Ingests).Concat(cluster.Silos))
        {
            using var ready = await process.Http.GetAsync("ready", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        cluster.Silos[0].Kill();
        var killed = Stopwatch.GetTimestamp();
        await AgreesAsync(cluster, frontend);
        output.WriteLine($"every desk answered again {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after the silo was killed");

        cluster.Trader.Open(0, "P9", "Rates", 500);
        await cluster.IsRightAsync();
        Assert.Equal(3_500, await frontend.NetDeltaAsync("Rates"));
        foreach (var process in (HostProcess[])[cluster.Ingests[0], frontend, cluster.Silos[1]])
        {
            Assert.Equal(0, await process.TerminateAsync());
        }
    }

    private static async Task AgreesAsync(RunningCluster cluster, HostProcess frontend)
    {
        await cluster.IsRightAsync();
        foreach (var (desk, number) in s_desks.Select((desk, number) => (desk, number)))
        {
            Assert.Equal(1_000 * (number + 1), await frontend.NetDeltaAsync(desk));
        }
    }
}
