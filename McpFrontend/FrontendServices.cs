using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.Asking;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.McpFrontend.Markets;
using RiskMonitor.McpFrontend.Mcp;
using RiskMonitor.McpFrontend.Metrics;
using RiskMonitor.McpFrontend.Tools;
using RiskMonitor.McpFrontend.UseCases;

namespace RiskMonitor.McpFrontend;

/// <summary>
/// The HTTP API, the MCP server, health, metrics and the OpenAPI document. Needs <c>IGrainFactory</c> and the ports <c>IDeskJournal</c>, <c>IDeskHistory</c>,
/// <c>IPositionQueries</c>, <c>IAlertQueries</c>, <c>ILimitStore</c>, <c>IUserStore</c> and <c>IAuditLog</c>.
/// </summary>
public static class FrontendServices
{
    /// <summary>Where the MCP server is.</summary>
    public const string McpPath = "/mcp";

    public static IServiceCollection AddRiskFrontend(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<FrontendOptions>, FrontendOptionsValidator>();
        services.AddOptions<FrontendOptions>().Bind(configuration.GetSection(FrontendOptions.Section)).ValidateOnStart();

        services.AddMetrics();
        services.AddSingleton<FrontendMetrics>();
        services.AddSingleton<MetricsExport>();

        services.AddSingleton<DeskCatalogue>();
        services.AddSingleton<LiveFigures>();
        services.AddSingleton<KnownExposures>();
        services.AddSingleton<DeskExposure>();
        services.AddSingleton<ListDesks>();
        services.AddSingleton<QueryAlerts>();
        services.AddSingleton<GetAlert>();
        services.AddSingleton<AckAlert>();
        services.AddSingleton<ReplayAlert>();
        services.AddSingleton<GetLimits>();
        services.AddSingleton<SetLimit>();
        services.AddSingleton<CurrentPositions>();
        services.AddSingleton<GetExposure>();
        services.AddSingleton<QueryPositions>();

        services.AddSingleton<IValidateOptions<MarketDataOptions>, MarketDataOptionsValidator>();
        services.AddOptions<MarketDataOptions>().Bind(configuration.GetSection(MarketDataOptions.Section)).ValidateOnStart();
        services.AddSingleton<MarketData>();
        services.AddHostedService<MarketFeed>();

        services.AddAccess(configuration);
        services.AddSingleton<ToolCatalogue>();
        services.AddSingleton<RequestRunner>();
        services.AddRiskMcp(configuration);
        services.AddAsking(configuration);
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json => RiskJson.Configured(json.SerializerOptions));
        services.AddOpenApi(RouteDocumentation.DocumentName, openApi => openApi.AddSchemaTransformer(RouteDocumentation.DescribeSchemaAsync));
        return services;
    }

    public static WebApplication MapRiskFrontend(this WebApplication app)
    {
        app.UseStatusCodePages(pages => UnroutedAsync(pages.HttpContext));
        app.UseRouting();
        app.UseMiddleware<SiteGate>();
        app.UseMiddleware<CallerGate>();
        app.MapRiskApi();
        app.MapRiskMcp();
        app.MapHealth();
        app.Services.GetRequiredService<ProtectedResource>().Map(app);
        app.MapRiskMetrics();
        app.MapOpenApi().WithMetadata(OpenToAll.Mark);
        return app;
    }

    /// <summary>What routing itself refuses (no such path, another method, another content type) answers in the API's own form.</summary>
    private static async Task UnroutedAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(RiskApi.Prefix))
        {
            return;
        }

        var error = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new RequestException(RequestError.NotFound, "there is no such path; /openapi/v1.json lists those there are"),
            StatusCodes.Status405MethodNotAllowed => new RequestException(RequestError.InvalidInput, "this path does not take that method; the Allow header names those it takes"),
            StatusCodes.Status415UnsupportedMediaType => new RequestException(RequestError.InvalidInput, "the body must be sent as application/json"),
            _ => null,
        };
        if (error is not null)
        {
            await context.RequestServices.GetRequiredService<RequestRunner>().RefuseAsync(context, error, context.Response.StatusCode);
        }
    }
}
