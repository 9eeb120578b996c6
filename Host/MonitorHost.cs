using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Demo.Story;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Infrastructure;
using RiskMonitor.Host.Roles;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host;

/// <summary>Runs the single process on two SQLite files, from the first check to the exit code.</summary>
internal static partial class MonitorHost
{
    private static string Version => typeof(MonitorHost).Assembly.GetName().Version!.ToString(3);

    /// <returns>The exit code: 0 when it was asked to stop, 1 when a part of it failed.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output)
    {
        using var data = DataDirectory.Acquire(HostSettings.Read(configuration).Data);
        return await RunAsync(configuration, data, output, serve: null);
    }

    /// <param name="serve">What the host runs for once it is ready, given its address; null: it runs until it is asked to stop.</param>
    public static async Task<int> RunAsync(IConfiguration configuration, DataDirectory data, TextWriter output, Func<string, CancellationToken, Task>? serve)
    {
        var settings = HostSettings.Read(configuration);
        using var server = ServerSocket.Bind(settings.Address, settings.Port);
        data.Announce(server.Url);
        var replay = await OpenReplayAsync(settings, configuration);
        await using var app = MonitorApp.Build(settings, configuration, server, new EmbeddedInfrastructure(settings, configuration, replay));
        LogStart(app, settings, data);
        await PrepareAsync(app.Services);
        var isLocalAdmin = !app.Services.GetRequiredService<Authentication>().IsRequired;
        FrontendRole.DemandUsers(server, isLocalAdmin);
        LogAccess(app.Logger, server.EndPoint, isLocalAdmin ? "none: every program on this machine is local-admin" : "required");
        if (!await TryStartAsync(app))
        {
            return 0;
        }

        var story = await WelcomeAsync(app, settings, server.Url, isLocalAdmin, output);
        await output.SayAsync($"ready {server.Url}");
        await output.FlushAsync();
        await ServeAsync(app, server.Url, serve);
        await story.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return HasFailedPart(app) ? 1 : 0;
    }

    private static async Task<ReplayFile?> OpenReplayAsync(HostSettings settings, IConfiguration configuration) => settings.Replay is null
        ? null
        : await PossibleAsync(() => ReplayFile.OpenAsync(settings.Replay, TimeProvider.System, CancellationToken.None, EmbeddedInfrastructure.Decoder(configuration)));

    private static void LogStart(WebApplication app, HostSettings settings, DataDirectory data)
    {
        LogStarting(app.Logger, Version, settings.Data);
        if (data.IsOpenToOthers)
        {
            LogOpenToOthers(app.Logger, settings.Data);
        }
    }

    /// <summary>Does what can fail for reasons that the user can put right. The start itself would log a stack trace for them.</summary>
    private static async Task PrepareAsync(IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        await PossibleAsync(async () =>
        {
            await services.GetRequiredService<IInfrastructure>().PrepareAsync(services, CancellationToken.None);
            await services.GetRequiredService<Authentication>().PrepareAsync(CancellationToken.None);
            return true;
        });
    }

    /// <returns>False: it was asked to stop before it was ready.</returns>
    private static async Task<bool> TryStartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            await app.Services.GetRequiredService<Readiness>().WaitAsync(app.Lifetime.ApplicationStopping);
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Tells a user of the demo what to try, and everybody else what is odd about the access.</summary>
    /// <returns>The story of the demo, which ends when the host stops.</returns>
    private static async Task<Task> WelcomeAsync(WebApplication app, HostSettings settings, string url, bool isLocalAdmin, TextWriter output)
    {
        if (settings.Demo)
        {
            var ink = Ink.ForConsole();
            await Welcome.PrintAsync(output, ink, settings, url, isLocalAdmin);
            return ActivatorUtilities.CreateInstance<ConsoleStory>(app.Services, output, ink).RunAsync(app.Lifetime.ApplicationStopping);
        }

        if (isLocalAdmin)
        {
            await output.SayAsync(
                $"no users: every program on this machine is local-admin and sees everything, and so is every caller of a proxy on it that adds no forwarding header (./run users add --help; or Access:RequireUsers)");
        }
        else if (!app.Services.GetRequiredService<Authentication>().HasUsers)
        {
            await output.SayAsync($"no users, and users are required: every request answers 401 until there is one (./run users add --help)");
        }

        return Task.CompletedTask;
    }

    private static async Task ServeAsync(WebApplication app, string url, Func<string, CancellationToken, Task>? serve)
    {
        if (serve is not null)
        {
            await serve(url, app.Lifetime.ApplicationStopping);
            app.Lifetime.StopApplication();
        }

        await app.WaitForShutdownAsync();
    }

    private static bool HasFailedPart(WebApplication app) =>
        app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

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
}
