using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>Silos and a client on the ADO.NET providers of Orleans, with the statements of our own.</summary>
public sealed class OrleansProvidersTests : IAsyncLifetime
{
    private static int s_databases;

    private readonly List<IHost> _silos = [];
    private string _connectionString = null!;

    private IServiceProvider Services => _silos[0].Services;

    public async ValueTask InitializeAsync()
    {
        var server = await SharedMariaDb.GetAsync();
        var name = $"orleans_{Interlocked.Increment(ref s_databases)}";
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        _connectionString = server.ConnectionString(name);
        await StartSiloAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.StopAsync();
            silo.Dispose();
        }
    }

    [Fact]
    public async Task Silos_find_each_other_and_a_client_finds_them()
    {
        await StartSiloAsync();
        var builder = Host.CreateApplicationBuilder();
        Prepare(builder);
        builder.UseOrleansClient(client =>
        {
            client.UseMySql();
            client.Configure<ClusterOptions>(Cluster);
        });
        using var host = builder.Build();
        await host.StartAsync();

        var management = host.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0);
        await Eventually.IsTrueAsync("both silos are active", async () => (await management.GetHosts(onlyActive: true)).Count == 2);
        await host.StopAsync();
        await _silos[1].StopAsync();

        // A silo that has ended is removed once it is long past.
        var members = Services.GetRequiredService<IMembershipTable>();
        Assert.Equal(2, (await members.ReadAllAsync(default)).Members.Count);
        await members.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddDays(-1), default);
        Assert.Equal(2, (await members.ReadAllAsync(default)).Members.Count);
        await members.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddDays(1), default);
        Assert.Single((await members.ReadAllAsync(default)).Members);
    }

    [Fact]
    public async Task A_row_of_a_silo_is_written_only_on_top_of_the_version_that_was_read()
    {
        var members = Services.GetRequiredService<IMembershipTable>();
        var before = await members.ReadAllAsync(default);
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 1, 7),
            HostName = "host",
            SiloName = "silo",
            Status = SiloStatus.Joining,
            ProxyPort = 2,
            StartTime = DateTime.UtcNow,
            IAmAliveTime = DateTime.UtcNow,
        };

        Assert.True(await members.InsertRowAsync(entry, before.Version.Next(), default));
        Assert.False(await members.InsertRowAsync(entry, before.Version.Next(), default));
        var after = await members.ReadAllAsync(default);
        Assert.False(await members.InsertRowAsync(entry, after.Version.Next(), default));
        Assert.Equal(before.Version.Version + 1, (await members.ReadAllAsync(default)).Version.Version);

        var etag = after.Members.Single(member => member.Item1.SiloAddress.Equals(entry.SiloAddress)).Item2;
        entry.Status = SiloStatus.Dead;
        Assert.False(await members.UpdateRowAsync(entry, etag, before.Version.Next(), default));
        Assert.True(await members.UpdateRowAsync(entry, etag, after.Version.Next(), default));
        Assert.Equal(SiloStatus.Dead, (await members.ReadRowAsync(entry.SiloAddress, default)).Members.Single().Item1.Status);
    }

    [Fact]
    public async Task Reminders_of_grains_whose_names_look_alike_are_kept_apart()
    {
        var table = Services.GetRequiredService<IReminderTable>();
        var grains = new[] { "FX", "fx", "FX ", "王 🐂" }.Select(key => GrainId.Create("desk", key)).ToList();
        var etags = new List<string>();
        foreach (var (grain, n) in grains.Select((grain, n) => (grain, n)))
        {
            etags.Add((await table.UpsertRow(Reminder(grain, TimeSpan.FromMinutes(n + 1))))!);
        }

        foreach (var (grain, n) in grains.Select((grain, n) => (grain, n)))
        {
            var reminder = Assert.Single((await table.ReadRows(grain)).Reminders);
            Assert.Equal((grain, TimeSpan.FromMinutes(n + 1)), (reminder.GrainId, reminder.Period));
        }

        Assert.Equal(4, (await table.ReadRows(0, 0)).Reminders.Count);
        var hash = grains[0].GetUniformHashCode();
        Assert.Contains(grains[0], (await table.ReadRows(hash - 1, hash)).Reminders.Select(reminder => reminder.GrainId));
        var newer = (await table.UpsertRow(Reminder(grains[0], TimeSpan.FromMinutes(9))))!;
        Assert.NotEqual(etags[0], newer);
        Assert.False(await table.RemoveRow(grains[0], "check", etags[0]));
        Assert.True(await table.RemoveRow(grains[0], "check", newer));
        Assert.Null(await table.ReadRow(grains[0], "check"));
        Assert.NotNull(await table.ReadRow(grains[2], "check"));

        static ReminderEntry Reminder(GrainId grain, TimeSpan period) => new() { GrainId = grain, ReminderName = "check", StartAt = Samples.Noon.UtcDateTime, Period = period };
    }

    [Fact]
    public async Task A_state_of_any_size_is_written_only_on_top_of_the_one_that_was_read()
    {
        var storage = Services.GetRequiredKeyedService<IGrainStorage>("Default");
        var grain = GrainId.Create("feed", "positions ");
        var (one, other) = (new GrainState<Text>(new Text()), new GrainState<Text>(new Text()));
        await storage.ReadStateAsync("state", grain, one);
        await storage.ReadStateAsync("state", grain, other);
        Assert.False(one.RecordExists);

        one.State!.Value = new string('王', 200_000);
        await storage.WriteStateAsync("state", grain, one);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", grain, other));
        await storage.ReadStateAsync("state", grain, other);
        Assert.Equal(one.State!.Value, other.State!.Value);
        other.State!.Value = "second";
        await storage.WriteStateAsync("state", grain, other);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", grain, one));
        await storage.ClearStateAsync("state", grain, other);
        await storage.ReadStateAsync("state", grain, one);
        Assert.False(one.RecordExists);

        var alike = new GrainState<Text>(new Text());
        await storage.ReadStateAsync("state", GrainId.Create("feed", "positions"), alike);
        Assert.Null(alike.ETag);
    }

    [Fact]
    public async Task Of_activations_that_write_a_first_state_at_once_one_succeeds()
    {
        var storage = Services.GetRequiredKeyedService<IGrainStorage>("Default");
        var writes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            try
            {
                await storage.WriteStateAsync("state", GrainId.Create("feed", "raced"), new GrainState<Text>(new Text { Value = $"{n}" }));
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));

        Assert.Single(writes, written => written);
    }

    private async Task StartSiloAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        Prepare(builder);
        builder.UseOrleans(silo =>
        {
            silo.UseMySql();
            silo.Configure<ClusterOptions>(Cluster);
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort());
        });
        var host = builder.Build();
        await host.StartAsync();
        _silos.Add(host);
    }

    private void Prepare(HostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddMySqlStorage(options => options.ConnectionString = _connectionString);
    }

    private static void Cluster(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("test", "riskmonitor");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Text
    {
        public string? Value { get; set; }
    }
}
