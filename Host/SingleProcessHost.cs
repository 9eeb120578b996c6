using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting;
using RiskMonitor.CdcIngest;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Demo;
using RiskMonitor.Demo.Story;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Terminal;
using RiskMonitor.McpFrontend;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Observing;
using RiskMonitor.Risk.Texts;
using RiskMonitor.Silo;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host;

/// <summary>Everything in one process on two SQLite files.</summary>
internal static partial class SingleProcessHost
{
    private const string OrleansWatchdog = "Orleans.Runtime.Watchdog";

    /// <summary>At the start the watchdog may compare with a timestamp that is not set yet, and warns of a stall as long as the machine runs.</summary>
    private static readonly TimeSpan s_watchdogUninitialised = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    /// <returns>The exit code: 0 when it was asked to stop, 1 when a part of it failed.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output)
    {
        using var data = DataDirectory.Acquire(HostSettings.Read(configuration).Data);
        return await RunAsync(configuration, data, output, serve: null);
    }

    /// <param name="serve">What the host lives for once it is ready, by its address; null: it runs until it is asked to stop.</param>
    public static async Task<int> RunAsync(IConfiguration configuration, DataDirectory data, TextWriter output, Func<string, CancellationToken, Task>? serve)
    {
        var settings = HostSettings.Read(configuration);
        using var server = ServerSocket.Bind(settings.Address, settings.Port);
        data.Announce(server.Url);
        var replay = settings.Replay is null ? null : await PossibleAsync(() => ReplayFile.OpenAsync(settings.Replay, TimeProvider.System, CancellationToken.None, Decoder(configuration)));
        await using var app = Build(settings, configuration, server, replay);
        LogStarting(app.Logger, Version, settings.Data);
        if (data.IsOpenToOthers)
        {
            LogOpenToOthers(app.Logger, settings.Data);
        }

        await PrepareAsync(app.Services);
        var isLocalAdmin = !app.Services.GetRequiredService<Authentication>().IsRequired;
        DemandUsers(server, isLocalAdmin);
        LogAccess(app.Logger, server.EndPoint, isLocalAdmin ? "none: whoever is on this machine is local-admin" : "required");
        try
        {
            await app.StartAsync();
            await app.Services.GetRequiredService<Readiness>().WaitAsync(app.Lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0;
        }

        var telling = Task.CompletedTask;
        if (settings.Demo)
        {
            var ink = Ink.ForConsole();
            await Welcome.PrintAsync(output, ink, settings, server.Url, isLocalAdmin);
            var story = ActivatorUtilities.CreateInstance<ConsoleStory>(app.Services, output, ink);
            telling = story.RunAsync(app.Lifetime.ApplicationStopping);
        }
        else if (isLocalAdmin)
        {
            await output.SayAsync(
                $"no users: whoever is on this machine is local-admin and sees everything, and so is everybody for whom a proxy on it asks without a forwarding header (./run users add --help; or Access:RequireUsers)");
        }
        else if (!app.Services.GetRequiredService<Authentication>().HasUsers)
        {
            await output.SayAsync($"no users, and users are required: every request answers 401 until there is one (./run users add --help)");
        }

        await output.SayAsync($"ready {server.Url}");
        await output.FlushAsync();
        if (serve is not null)
        {
            await serve(server.Url, app.Lifetime.ApplicationStopping);
            app.Lifetime.StopApplication();
        }

        await app.WaitForShutdownAsync();
        await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
    }

    private static string Version => typeof(SingleProcessHost).Assembly.GetName().Version!.ToString(3);

    /// <summary>What can fail for reasons that the user can put right, before the start, which would log a stack trace for it.</summary>
    private static async Task PrepareAsync(IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        await PossibleAsync(async () =>
        {
            await services.GetRequiredService<SqliteStorage>().InitialiseAsync(CancellationToken.None);
            if (services.GetService<OutboxFeed>() is { } outbox)
            {
                await outbox.PrepareAsync(CancellationToken.None);
            }

            await services.GetRequiredService<Authentication>().PrepareAsync(CancellationToken.None);
            return true;
        });
    }

    /// <exception cref="UsageException">Others than this machine could ask, and nothing would tell who they are.</exception>
    private static void DemandUsers(ServerSocket server, bool isLocalAdmin)
    {
        if (isLocalAdmin && !server.IsLoopback)
        {
            throw new UsageException(
                $"Listen is {server.EndPoint}, which others than this machine can reach, and there are no users: add one (./run users add --help), "
                + "configure users or tokens (Access:Users, Access:Jwt), or listen on 127.0.0.1",
                UsageException.NotPossible);
        }
    }

    private static async Task<T> PossibleAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (exception is InvalidOperationException or SqliteException)
        {
            throw new UsageException(exception.Message, UsageException.NotPossible);
        }
    }

    /// <summary>The order of the registrations is the order of the start: storage, limits and book before the desks, the desks before the feed.</summary>
    private static WebApplication Build(HostSettings settings, IConfiguration configuration, ServerSocket server, ReplayFile? replay)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(SingleProcessHost).Assembly.GetName().Name });
        builder.Configuration.AddConfiguration(configuration);
        ConfigureLogs(builder.Logging, builder.Configuration, settings);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            ServerBounds.Apply(kestrel);
            kestrel.Listen(server.EndPoint);
        });

        var services = builder.Services;
        services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => server.Socket);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        services.AddRouting();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<Readiness>();

        services.AddSqliteStorage(storage =>
        {
            builder.Configuration.GetSection(SqliteStorageOptions.Section).Bind(storage);
            storage.DatabasePath = settings.MonitorPath;
        });
        services.AddHostedService<ConfiguredLimits>();
        var webhook = settings is { Demo: true, WebhookUrl: null } ? DemoWebhook.New(server.Url) : null;
        if (settings.Demo)
        {
            AddDemo(builder, settings, webhook);
        }

        services.AddAlerting(builder.Configuration);
        builder.UseRiskMonitorSilo(silo => silo.UseSqlite());
        AddFeed(builder, settings, replay);
        services.AddRiskFrontend(builder.Configuration);
        if (settings.Demo)
        {
            services.AddSingleton(TradeSimulatorOptions.Default);
            services.AddHostedService<TradeSimulator>();
        }

        var app = builder.Build();
        app.MapRiskFrontend();
        if (webhook is not null)
        {
            app.MapPost(DemoWebhook.Path, (HttpRequest request, DemoRiskManager manager) => manager.ReceiveAsync(request, request.HttpContext.RequestAborted))
                // It checks the signature instead.
                .AllowAnonymous()
                .ExcludeFromDescription();
        }

        return app;
    }

    private static DebeziumDecoder Decoder(IConfiguration configuration) =>
        new(configuration.GetSection(DebeziumOptions.Section).Get<DebeziumOptions>() ?? new DebeziumOptions());

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
        // The outbox's envelope is our own; the options say what a connector sends.
        services.AddSingleton(replay is null ? new DebeziumDecoder(new DebeziumOptions()) : Decoder(builder.Configuration));
        services.AddIngest(builder.Configuration);
        builder.Configuration.AddInMemoryCollection([new("Frontend:Feed", replay?.Name ?? options.Topic)]);
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

    /// <summary>To stderr, so that stdout stays the story's: JSON lines for machines, readable where a person looks on.</summary>
    private static void ConfigureLogs(ILoggingBuilder logs, IConfiguration configuration, HostSettings settings)
    {
        var began = Environment.TickCount64;
        logs.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter(OrleansWatchdog, level => level >= LogLevel.Warning && Environment.TickCount64 - began >= s_watchdogUninitialised.TotalMilliseconds)
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Console.IsErrorRedirected)
        {
            logs.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
            return;
        }

        logs.AddConsole(console => console.FormatterName = TerminalLogFormatter.FormatterName).AddConsoleFormatter<TerminalLogFormatter, ConsoleFormatterOptions>();
        if (settings.Demo)
        {
            logs.SetMinimumLevel(LogLevel.Warning);
        }
    }
}
