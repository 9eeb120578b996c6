using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using RiskMonitor.Alerting;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Silo;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>The product's silo, storage and alerting in this process, on a new database, all options at their defaults.</summary>
internal sealed class MonitorHost : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");
    private readonly IHost _host;

    private MonitorHost(string? webhook)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (webhook is not null)
        {
            builder.Configuration.AddInMemoryCollection(
                [new("Webhook:Url", webhook), new("Webhook:Secret", "whsec_" + Convert.ToBase64String(new byte[32]))]);
        }

        builder.Services.AddSqliteStorage(storage => storage.DatabasePath = Path.Combine(_directory.FullName, "riskmonitor.db"));
        builder.Services.AddAlerting(builder.Configuration);
        builder.UseRiskMonitorSilo(silo => silo.UseSqlite());
        _host = builder.Build();
    }

    public static async Task<MonitorHost> StartAsync(decimal limit, string? webhook = null)
    {
        var monitor = new MonitorHost(webhook);
        var services = monitor._host.Services;
        await services.GetRequiredService<SqliteStorage>().InitialiseAsync(CancellationToken.None);
        await services.GetRequiredService<ILimitStore>().ConfigureAsync(AlertingScope.Default, [Trading.Limit(limit)], CancellationToken.None);
        await monitor._host.StartAsync();
        return monitor;
    }

    public IDeskRiskGrain Desk(string name) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IDeskRiskGrain>(name);

    /// <summary>Runs the ingest to the end of the feed: when it ends, every change is durable. A feed without an end runs until it is cancelled.</summary>
    public Task IngestAsync(IChangeFeed feed, CancellationToken cancellationToken = default)
    {
        var services = _host.Services;
        var grains = services.GetRequiredService<IGrainFactory>();
        return new IngestPipeline(
            feed,
            grains.GetGrain<IFeedGrain>(feed.Name),
            desk => grains.GetGrain<IDeskRiskGrain>(desk),
            new DebeziumDecoder(new DebeziumOptions()),
            services.GetRequiredService<IPositionDirectory>(),
            services.GetRequiredService<IDeadLetterStore>(),
            new IngestOptions(),
            new IngestMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System),
            TimeProvider.System,
            NullLogger.Instance).RunAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }
}
