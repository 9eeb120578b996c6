using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting;
using RiskMonitor.Host.Infrastructure;
using RiskMonitor.Host.Roles;
using RiskMonitor.Host.Starting;
using RiskMonitor.Llm;
using RiskMonitor.McpFrontend;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Silo.Clustering;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.UseCases.Markets;
using RiskMonitor.WebConsole;

namespace RiskMonitor.Host;

/// <summary>Composes a process: its roles over one infrastructure, and in what order they start.</summary>
internal static class MonitorApp
{
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Of a process without API: its supervisor and Prometheus.</summary>
    private const int MostConnections = 256;

    /// <summary>
    /// The order of the registrations is the order of the start: storage, limits and book before the desks, the desks before the feed, and what asks or
    /// trades last.
    /// </summary>
    public static WebApplication Build(HostSettings settings, IConfiguration configuration, ServerSocket server, IInfrastructure infrastructure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(MonitorApp).Assembly.GetName().Name,
            // The console's files are beside the program, wherever it is started.
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddConfiguration(configuration);
        HostLogs.Configure(builder.Logging, builder.Configuration, isTerminalQuiet: settings.Demo);
        AddServer(builder, server, settings.Role);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(infrastructure);

        Telemetry.Add(builder, settings);
        builder.Services.AddEvidenceKeys(builder.Configuration);
        infrastructure.AddStorage(builder);
        AddRoles(builder, settings, server.Url, infrastructure);
        if (settings.IsCluster)
        {
            StartOrder.TakeOver(builder.Services);
        }

        var app = builder.Build();
        Map(app, settings);
        return app;
    }

    private static void AddRoles(WebApplicationBuilder builder, HostSettings settings, string url, IInfrastructure infrastructure)
    {
        var role = settings.Role;
        builder.Services.AddOperatorNotices(builder.Configuration);
        if (role.HasFlag(HostRole.Silo))
        {
            builder.Services.AddHostedService<ConfiguredLimits>();
        }

        if (settings.Demo)
        {
            DemoParts.AddBook(builder, settings, url);
        }

        if (role.HasFlag(HostRole.Silo))
        {
            SiloRole.Add(builder, infrastructure);
        }
        else
        {
            infrastructure.AddClient(builder);
        }

        if (role.HasFlag(HostRole.Ingest))
        {
            infrastructure.AddIngest(builder);
        }

        if (role.HasFlag(HostRole.Frontend))
        {
            FrontendRole.Add(builder, infrastructure, settings.ConsoleKeysPath);
        }
        else
        {
            if (role.HasFlag(HostRole.Silo))
            {
                // The analyst gives the model the market's state. A frontend in the same process fetches it already.
                builder.Services.AddMarketData(builder.Configuration, isUsed: LlmServices.IsConfigured(builder.Configuration));
            }

            builder.Services.AddProcessRoutes();
            builder.Services.AddSingleton<RoleChecks>();
        }

        if (settings.Demo)
        {
            DemoParts.AddTrader(builder);
        }
    }

    private static void Map(WebApplication app, HostSettings settings)
    {
        if (settings.IsCluster)
        {
            app.UseMiddleware<NotServingMiddleware>();
        }

        if (settings.Role.HasFlag(HostRole.Frontend))
        {
            app.MapRiskFrontend(static routes => routes.UseRiskConsole());
            app.MapRiskConsole();
            if (settings.IsCluster && app.Services.GetRequiredService<IOptions<OrleansOptions>>().Value.Dashboard)
            {
                DashboardRoutes.Map(app);
            }
        }
        else
        {
            app.MapProcessRoutes(settings.Role.Name(), cancellationToken => app.Services.GetRequiredService<RoleChecks>().CheckAsync(cancellationToken));
        }

        if (settings.Demo)
        {
            DemoParts.MapRiskManager(app);
        }
    }

    private static void AddServer(WebApplicationBuilder builder, ServerSocket server, HostRole role)
    {
        // A build that was not published finds the files of the console where the build says that they are.
        builder.WebHost.UseStaticWebAssets();
        // Such a build would also have a catch-all GET route for files that appear later. It would turn 405 of other routes into 404, and 404 of other methods into 405.
        builder.WebHost.UseSetting("DisableStaticAssetNotFoundRuntimeFallback", "true");
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (role.HasFlag(HostRole.Frontend))
            {
                ServerBounds.Apply(kestrel);
            }
            else
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxConcurrentConnections = MostConnections;
            }

            kestrel.Listen(server.EndPoint);
        });
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => server.Socket);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdownTimeout);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.AddRouting();
    }
}
