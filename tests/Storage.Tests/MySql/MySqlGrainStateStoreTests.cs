using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>What a command reads and writes is what the silos' provider reads and writes.</summary>
public sealed class MySqlGrainStateStoreTests
{
    private const string Service = "riskmonitor";
    private static readonly GrainId s_grain = GrainId.Create("feed", "trading.risk.positions ä漢");

    [Fact]
    public async Task A_state_of_a_silo_is_read_and_written_by_a_command_and_the_silo_finds_that()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        var store = new MySqlGrainStateStore(database.Get<IDatabase>(), Service);
        using var silo = await StartSiloAsync(database.Path);
        var provider = silo.Services.GetRequiredKeyedService<IGrainStorage>("Default");
        var state = new GrainState<List<string>> { State = ["of the silo"] };
        await provider.WriteStateAsync("feed", s_grain, state);

        var read = await store.ReadAsync("feed", s_grain.ToString(), default);
        Assert.Equal(["of the silo"], JsonSerializer.Deserialize<List<string>>(read!.Payload!)!);
        Assert.Equal(state.ETag, read.ETag);
        await store.WriteAsync("feed", s_grain.ToString(), """["of the command"]"""u8.ToArray(), read.ETag, default);

        state.State = ["of the silo again"];
        await Assert.ThrowsAsync<InconsistentStateException>(() => provider.WriteStateAsync("feed", s_grain, state));
        await provider.ReadStateAsync("feed", s_grain, state);
        Assert.Equal(["of the command"], state.State!);
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_state_that_a_command_wrote_first_is_the_silos_too()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        var store = new MySqlGrainStateStore(database.Get<IDatabase>(), Service);
        var other = GrainId.Create("feed", $"new-{Guid.NewGuid()}-topic");
        var etag = await store.WriteAsync("feed", other.ToString(), """["first"]"""u8.ToArray(), null, default);

        var conflict = await Assert.ThrowsAsync<GrainStateConflictException>(() => store.WriteAsync("feed", other.ToString(), "[]"u8.ToArray(), null, default));
        Assert.Equal(etag, conflict.StoredETag);
        Assert.Null(await store.ReadAsync("other", other.ToString(), default));
        using var silo = await StartSiloAsync(database.Path);
        var state = new GrainState<List<string>>();
        await silo.Services.GetRequiredKeyedService<IGrainStorage>("Default").ReadStateAsync("feed", other, state);
        Assert.Equal((true, "first", etag), (state.RecordExists, state.State!.Single(), state.ETag));
        await silo.StopAsync();

        Assert.NotNull(await store.ClearAsync("feed", other.ToString(), etag, default));
        Assert.Null((await store.ReadAsync("feed", other.ToString(), default))!.Payload);
    }

    private static async Task<IHost> StartSiloAsync(string connectionString)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMySqlStorage(storage => storage.ConnectionString = connectionString);
        builder.UseOrleans(silo =>
        {
            silo.UseMySql();
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ($"states-{Guid.NewGuid():N}", Service));
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
