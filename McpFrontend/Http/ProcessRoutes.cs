using Microsoft.Extensions.DependencyInjection.Extensions;
using RiskMonitor.McpFrontend.Metrics;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>What a process without API and MCP answers over HTTP: whether it lives, whether it can work, and its metrics.</summary>
public static class ProcessRoutes
{
    public static IServiceCollection AddProcessRoutes(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddRouting();
        services.AddAuthorization();
        services.TryAddSingleton<MetricsExport>();
        return services;
    }

    /// <param name="role">The role of the process, as <c>/health</c> and <c>/ready</c> name it.</param>
    /// <param name="check">What the process needs, by name, and whether it has it.</param>
    public static WebApplication MapProcessRoutes(this WebApplication app, string role, Func<CancellationToken, Task<IReadOnlyDictionary<string, bool>>> check)
    {
        var version = typeof(ProcessRoutes).Assembly.GetName().Version!.ToString(3);
        app.UseRouting();
        app.MapGet("/health", () => Results.Json(new ProcessHealth("ok", version, role), RiskJson.Options));
        app.MapGet("/ready", async (CancellationToken cancellationToken) =>
        {
            var parts = await check(cancellationToken);
            var isReady = parts.Values.All(isThere => isThere);
            var answer = parts.ToDictionary(part => part.Key, part => part.Value ? "ok" : "unavailable");
            answer["status"] = isReady ? "ready" : "not_ready";
            answer["role"] = role;
            return Results.Json(answer, RiskJson.Options, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
        app.MapRiskMetrics();
        return app;
    }
}

internal sealed record ProcessHealth(string Status, string Version, string Role);
