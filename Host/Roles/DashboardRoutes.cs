using Orleans.Dashboard;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.WebConsole;

namespace RiskMonitor.Host.Roles;

/// <summary>Orleans' own dashboard in a frontend of a cluster: silos, grains by type, calls and reminders. It is behind the sign-in of the console, for operators.</summary>
internal static class DashboardRoutes
{
    public const string Path = "/dashboard";

    /// <summary>Calls every method of a grain that takes no parameter, those included that change something.</summary>
    private const string GrainState = "/GrainState";

    public static void Map(WebApplication app) => app.MapOrleansDashboard(Path).AddEndpointFilter(AskAsync).ExcludeFromDescription().BehindConsoleSignIn();

    private static async ValueTask<object?> AskAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var asked = context.Request.Path.Value![Path.Length..];
        var call = new Call(Call.NewRequestId(), UseCaseNames.OrleansDashboard, ConsoleServices.CallerOf(context), Channel.Console)
        {
            // An open page asks every second.
            IsRefresh = asked.Length > 1,
        };
        return await context.RequestServices.GetRequiredService<CallRunner>().RunAsync(
            call, async (_, _) => asked.Equals(GrainState, StringComparison.OrdinalIgnoreCase) ? Results.NotFound() : await next(invocation), context.RequestAborted);
    }
}
