using System.Diagnostics;
using System.Net;
using RiskMonitor.Host.Tests.Hosting;

namespace RiskMonitor.Host.Tests.Cluster;

public sealed class ClusterProcessesTests(ITestOutputHelper output)
{
    private static readonly string[] s_desks = ["Equities", "FX Forwards", "Rates", "Credit", "Index Options", "Energy"];

    [Fact]
    public async Task Two_silos_an_ingest_and_a_frontend_answer_for_what_is_traded_and_go_on_when_a_silo_is_killed()
    {
        Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");
        await using var world = await ClusterWorld.StartAsync();
        // Those that need a silo start first, and wait for it.
        var starting = (Frontend: world.StartAsync("frontend"), Ingest: world.StartAsync("ingest"));
        var silos = await Task.WhenAll(world.StartAsync("silo"), world.StartAsync("silo"));
        var (frontend, ingest) = (await starting.Frontend, await starting.Ingest);

        foreach (var (desk, number) in s_desks.Select((desk, number) => (desk, number)))
        {
            world.Trade($"P{number}", desk, 1_000 * (number + 1));
        }

        try
        {
            await AgreesAsync(frontend);
        }
        catch (TimeoutException)
        {
            output.WriteLine(string.Join('\n', silos.Prepend(ingest).Select(process => process.Errors)));
            throw;
        }

        foreach (var process in (HostProcess[])[frontend, ingest, .. silos])
        {
            using var ready = await process.Http.GetAsync("ready", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        silos[0].Kill();
        var killed = Stopwatch.GetTimestamp();
        await AgreesAsync(frontend);
        output.WriteLine($"every desk answered again {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after the silo was killed");

        world.Trade("P9", "Rates", 500);
        await Eventually.IsTrueAsync("a change after that is applied", async () => await TryNetAsync(frontend, "Rates") == 3_500);
        foreach (var process in (HostProcess[])[ingest, frontend, silos[1]])
        {
            Assert.Equal(0, await process.TerminateAsync());
        }
    }

    private static async Task AgreesAsync(HostProcess frontend)
    {
        foreach (var (desk, number) in s_desks.Select((desk, number) => (desk, number)))
        {
            await Eventually.IsTrueAsync($"{desk} has what was traded", async () => await TryNetAsync(frontend, desk) == 1_000 * (number + 1));
        }
    }

    private static async Task<decimal?> TryNetAsync(HostProcess frontend, string desk)
    {
        try
        {
            return await frontend.NetDeltaAsync(desk);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
