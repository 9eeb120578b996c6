using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using RiskMonitor.Alerting;
using RiskMonitor.CdcIngest;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Demo;
using RiskMonitor.Demo.Story;
using RiskMonitor.McpFrontend;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Observing;
using RiskMonitor.Silo;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host;

/// <summary>Composes the single process: which services it has, and in what order they start.</summary>
internal static class SingleProcessApp
{
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The order of the registrations is the order of the start: storage, limits and book before the desks, the desks before the feed.</summary>
    /// <param name="replay">The feed that takes the place of <c>positions.db</c>; null: none.</param>
    public static WebApplication Build(HostSettings settings, IConfiguration configuration, ServerSocket server, ReplayFile? replay)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(SingleProcessApp).Assembly.GetName().Name });
        builder.Configuration.AddConfiguration(configuration);
        HostLogs.Configure(builder.Logging, builder.Configuration, settings);
        AddServer(builder, server);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<Readiness>();

        AddStorage(builder, settings);
        var webhook = settings is { Demo: true, WebhookUrl: null } ? DemoWebhook.New(server.Url) : null;
        if (settings.Demo)
        {
            AddDemo(builder, settings, webhook);
        }

        builder.Services.AddAlerting(builder.Configuration);
        builder.UseRiskMonitorSilo(silo => silo.UseSqlite());
        AddFeed(builder, settings, replay);
        builder.Services.AddRiskFrontend(builder.Configuration);
        if (settings.Demo)
        {
            builder.Services.AddSingleton(TradeSimulatorOptions.Default);
            builder.Services.AddHostedService<TradeSimulator>();
        }

        var app = builder.Build();
        app.MapRiskFrontend();
        if (webhook is not null)
        {
            MapDemoRiskManager(app);
        }

        return app;
    }

    /// <summary>Reads what a connector sends, as the configuration describes it.</summary>
    public static DebeziumDecoder Decoder(IConfiguration configuration) =>
        new(configuration.GetSection(DebeziumOptions.Section).Get<DebeziumOptions>() ?? new DebeziumOptions());

    private static void AddServer(WebApplicationBuilder builder, ServerSocket server)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            ServerBounds.Apply(kestrel);
            kestrel.Listen(server.EndPoint);
        });
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => server.Socket);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdownTimeout);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.AddRouting();
    }

    private static void AddStorage(WebApplicationBuilder builder, HostSettings settings)
    {
        builder.Services.AddSqliteStorage(storage =>
        {
            builder.Configuration.GetSection(SqliteStorageOptions.Section).Bind(storage);
            storage.DatabasePath = settings.MonitorPath;
        });
        builder.Services.AddHostedService<ConfiguredLimits>();
    }

    private static void AddDemo(WebApplicationBuilder builder, HostSettings settings, DemoWebhook? webhook)
    {
        var services = builder.Services;
        services.AddSingleton(new DemoSettings(settings.PositionsPath));
        services.AddSingleton<StoryChannel>();
        services.AddSingleton<IRiskObserver>(provider => provider.GetRequiredService<StoryChannel>());
        services.AddHostedService<DemoData>();
        if (webhook is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("Webhook:Url", webhook.Url), new("Webhook:Secret", webhook.Secret)]);
            services.AddSingleton(webhook);
            services.AddSingleton(new ProcessUser(DemoRiskManager.User, KeyHash.Of(webhook.Key)));
            services.AddSingleton<DemoRiskManager>();
            services.AddHostedService(provider => provider.GetRequiredService<DemoRiskManager>());
        }
    }

    private static void AddFeed(WebApplicationBuilder builder, HostSettings settings, ReplayFile? replay)
    {
        var services = builder.Services;
        var options = builder.Configuration.GetSection(OutboxFeedOptions.Section).Get<OutboxFeedOptions>() ?? new OutboxFeedOptions();
        options.Path = settings.PositionsPath;
        if (replay is null)
        {
            services.AddSingleton(options);
            services.AddSingleton<OutboxFeed>();
        }

        services.AddSingleton(provider => new CaughtUpFeed(replay ?? (IChangeFeed)provider.GetRequiredService<OutboxFeed>()));
        services.AddSingleton<IChangeFeed>(provider => provider.GetRequiredService<CaughtUpFeed>());
        // The outbox writes an envelope of our own, so the options, which describe a connector, do not apply to it.
        services.AddSingleton(replay is null ? new DebeziumDecoder(new DebeziumOptions()) : Decoder(builder.Configuration));
        services.AddIngest(builder.Configuration);
        builder.Configuration.AddInMemoryCollection([new("Frontend:Feed", replay?.Name ?? options.Topic)]);
    }

    private static void MapDemoRiskManager(WebApplication app) =>
        app.MapPost(DemoWebhook.Path, (HttpRequest request, DemoRiskManager manager) => manager.ReceiveAsync(request, request.HttpContext.RequestAborted))
            // The route is open because its handler checks the signature.
            .AllowAnonymous()
            .ExcludeFromDescription();
}
