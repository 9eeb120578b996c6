using System.Net;
using Microsoft.Extensions.Options;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Infrastructure;
using RiskMonitor.Host.Roles;
using RiskMonitor.Host.Starting;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host;

/// <summary>Runs one process of a cluster, from the first check to the exit code.</summary>
internal static partial class ClusterHost
{
    /// <returns>The exit code: 0 when it was asked to stop, 1 when a part of it failed.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, HostSettings settings, IInfrastructure infrastructure, TextWriter output)
    {
        using var server = ServerSocket.Bind(settings.Address, settings.Port);
        await using var app = MonitorApp.Build(settings, configuration, server, infrastructure);
        LogStarting(app.Logger, typeof(ClusterHost).Assembly.GetName().Version!.ToString(3), settings.Role.Name(), server.EndPoint);
        app.Services.GetService<IStartupValidator>()?.Validate();
        var start = app.Services.GetRequiredService<StartOrder>();
        start.Prepare = cancellationToken => PrepareAsync(app.Services, settings, server, cancellationToken);
        await app.StartAsync();
        if (!await IsStartedAsync(app, start))
        {
            return 0;
        }

        await output.SayAsync($"ready {server.Url}");
        await output.FlushAsync();
        await app.WaitForShutdownAsync();
        return start.HasFailedPart ? 1 : 0;
    }

    private static async Task PrepareAsync(IServiceProvider services, HostSettings settings, ServerSocket server, CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<IInfrastructure>().PrepareAsync(services, cancellationToken);
            if (settings.Role.HasFlag(HostRole.Frontend))
            {
                var access = services.GetRequiredService<Authentication>();
                await access.PrepareAsync(cancellationToken);
                FrontendRole.DemandUsers(server, isLocalAdmin: !access.IsRequired);
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException(exception.Message, UsageException.NotPossible);
        }
    }

    /// <returns>False: it was asked to stop before it was ready.</returns>
    private static async Task<bool> IsStartedAsync(WebApplication app, StartOrder start)
    {
        var isAsked = app.Lifetime.ApplicationStopping;
        try
        {
            await start.WaitAsync();
            return true;
        }
        catch (OperationCanceledException) when (isAsked.IsCancellationRequested)
        {
            await app.StopAsync();
            return false;
        }
        catch
        {
            await app.StopAsync();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "RiskMonitor {Version} starts as {Role}; health, readiness and metrics on {EndPoint}")]
    private static partial void LogStarting(ILogger logger, string version, string role, IPEndPoint endPoint);
}
