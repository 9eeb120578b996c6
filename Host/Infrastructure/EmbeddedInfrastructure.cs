using Orleans.Hosting;
using RiskMonitor.CdcIngest;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Risk.Observing;
using RiskMonitor.Silo;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host.Infrastructure;

/// <summary>Everything in one process on two SQLite files. The silo opens no port.</summary>
/// <param name="replay">The feed that takes the place of <c>positions.db</c>; null: none.</param>
internal sealed class EmbeddedInfrastructure(HostSettings settings, IConfiguration configuration, ReplayFile? replay) : IInfrastructure
{
    private readonly OutboxFeedOptions _outbox = OutboxOptions(settings, configuration);

    public string FeedName => replay?.Name ?? _outbox.Topic;

    public void AddStorage(WebApplicationBuilder builder) => builder.Services.AddSqliteStorage(storage =>
    {
        builder.Configuration.GetSection(SqliteStorageOptions.Section).Bind(storage);
        storage.DatabasePath = settings.MonitorPath;
    });

    public void AddSilo(WebApplicationBuilder builder) => builder.UseRiskMonitorSilo(silo =>
    {
        silo.UseSqlite();
        if (Telemetry.IsConfigured)
        {
            silo.AddActivityPropagation();
        }
    });

    /// <exception cref="InvalidOperationException">Always: an embedded silo has no port.</exception>
    public void AddClient(WebApplicationBuilder builder) => throw new InvalidOperationException("an embedded silo has no clients in other processes");

    public void AddIngest(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        if (replay is null)
        {
            services.AddSingleton(_outbox);
            services.AddSingleton<OutboxFeed>();
        }

        services.AddSingleton(provider => new CaughtUpFeed(replay ?? (IChangeFeed)provider.GetRequiredService<OutboxFeed>()));
        services.AddSingleton<IChangeFeed>(provider => provider.GetRequiredService<CaughtUpFeed>());
        services.AddSingleton<Readiness>();
        // The outbox writes an envelope of our own, so the options, which describe a connector, do not apply to it.
        services.AddSingleton(replay is null ? new DebeziumDecoder(new DebeziumOptions()) : Decoder(builder.Configuration));
        services.AddIngest(builder.Configuration);
    }

    public void AddLiveUpdates(WebApplicationBuilder builder) => builder.Services.AddSingleton<IRiskObserver, LocalLiveChanges>();

    public async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<SqliteStorage>().InitialiseAsync(cancellationToken);
        if (services.GetService<OutboxFeed>() is { } outbox)
        {
            await outbox.PrepareAsync(cancellationToken);
        }
    }

    /// <summary>Reads what a connector sends, as the configuration describes it.</summary>
    public static DebeziumDecoder Decoder(IConfiguration configuration) =>
        new(configuration.GetSection(DebeziumOptions.Section).Get<DebeziumOptions>() ?? new DebeziumOptions());

    private static OutboxFeedOptions OutboxOptions(HostSettings settings, IConfiguration configuration)
    {
        var options = configuration.GetSection(OutboxFeedOptions.Section).Get<OutboxFeedOptions>() ?? new OutboxFeedOptions();
        options.Path = settings.PositionsPath;
        return options;
    }
}
