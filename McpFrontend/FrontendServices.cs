using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.McpFrontend.Mcp;
using RiskMonitor.McpFrontend.Metrics;
using RiskMonitor.McpFrontend.PagerDuty;
using RiskMonitor.McpFrontend.Pages;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking;
using RiskMonitor.UseCases.Endpoints;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Live;
using RiskMonitor.UseCases.Markets;
using RiskMonitor.UseCases.Operations;
using RiskMonitor.UseCases.Positions;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend;

/// <summary>
/// The HTTP API, the MCP server, health, metrics and the OpenAPI document. Needs <c>IGrainFactory</c> and the ports <c>IDeskJournalReader</c>, <c>IDeskHistory</c>,
/// <c>IPositionQueries</c>, <c>IAlertQueries</c>, <c>ILimitStore</c>, <c>IDeliveryLog</c>, <c>IEndpointStore</c>, <c>IEndpointRules</c>, <c>IUserStore</c>,
/// <c>IDeadLetterStore</c> and <c>IAuditLog</c>.
/// </summary>
public static class FrontendServices
{
    /// <summary>Where the MCP server is.</summary>
    public const string McpPath = "/mcp";

    public static IServiceCollection AddRiskFrontend(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<UseCaseOptions>, UseCaseOptionsValidator>();
        services.AddOptions<UseCaseOptions>().Bind(configuration.GetSection(UseCaseOptions.Section)).ValidateOnStart();

        services.AddMetrics();
        services.AddSingleton<FrontendMetrics>();
        services.AddSingleton<UseCaseMetrics>();
        services.AddSingleton<MetricsExport>();

        services.AddSingleton<LiveChanges>();
        services.AddSingleton<DeskCatalogue>();
        services.AddSingleton<LiveFigures>();
        services.AddSingleton<PastDesks>();
        services.AddSingleton<ExposureAnswerCache>();
        services.AddSingleton<DeskExposure>();
        services.AddSingleton<RiskOverview>();
        services.AddSingleton<DeskTimeSeries>();
        services.AddSingleton<ListDesks>();
        services.AddSingleton<QueryAlerts>();
        services.AddSingleton<GetAlert>();
        services.AddSingleton<GetAlertReport>();
        services.AddSingleton<AckAlert>();
        services.AddSingleton<AckGroup>();
        services.AddSingleton<SnoozeAlert>();
        services.AddSingleton<AssignAlert>();
        services.AddSingleton<ReplayAlert>();
        services.AddSingleton<ListDeliveries>();
        services.AddSingleton<ReplayDeliveries>();
        services.AddSingleton<ListEndpoints>();
        services.AddSingleton<SetEndpoint>();
        services.AddSingleton<RemoveEndpoint>();
        services.AddSingleton<TestEndpoint>();
        services.AddSingleton<RotateEndpointSecret>();
        services.AddSingleton<GetLimits>();
        services.AddSingleton<GetLimitHistory>();
        services.AddSingleton<SetLimit>();
        services.AddSingleton<GetDeadLetters>();
        services.AddSingleton<GetFeed>();
        services.AddSingleton<GetUsers>();
        services.AddSingleton<AddUser>();
        services.AddSingleton<ChangeUser>();
        services.AddSingleton<RevokeUser>();
        services.AddSingleton<ListSilos>();
        services.AddSingleton<GetAudit>();
        services.AddSingleton<CurrentPositions>();
        services.AddSingleton<GetExposure>();
        services.AddSingleton<QueryPositions>();

        services.AddMarketData(configuration);

        services.AddSingleton<IValidateOptions<ConnectionOptions>, ConnectionOptionsValidator>();
        services.AddOptions<ConnectionOptions>().Bind(configuration.GetSection(ConnectionOptions.Section)).ValidateOnStart();
        services.AddSingleton<ConnectionTable>();
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<BodyReader>();

        services.AddAccess(configuration);
        services.AddSingleton<ToolCatalogue>();
        services.AddSingleton<RequestRunner>();
        services.TryAddSingleton(AlertLinks.None);
        services.AddSingleton<PageRequests>();
        services.AddSingleton<AlertPages>();
        services.AddSingleton<AlertGroupPages>();
        services.AddSingleton<IValidateOptions<PagerDutyOptions>, PagerDutyOptionsValidator>();
        services.AddOptions<PagerDutyOptions>().Bind(configuration.GetSection(PagerDutyOptions.Section)).ValidateOnStart();
        services.AddSingleton<PagerDutyMetrics>();
        services.AddSingleton<PagerDutyWebhook>();
        services.AddRiskMcp(configuration);
        services.AddAsking(configuration);
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json => RiskJson.Configured(json.SerializerOptions));
        services.AddOpenApi(RouteDocumentation.DocumentName, openApi =>
        {
            openApi.CreateSchemaReferenceId = RouteDocumentation.SchemaName;
            openApi.AddSchemaTransformer(RouteDocumentation.DescribeSchemaAsync);
            openApi.AddDocumentTransformer(RouteDocumentation.DescribeAccessAsync);
            openApi.AddOperationTransformer(RouteDocumentation.DescribeSecurityAsync);
        });
        return services;
    }

    /// <param name="useMore">Adds middleware that knows the route and comes before it.</param>
    public static WebApplication MapRiskFrontend(this WebApplication app, Action<IApplicationBuilder>? useMore = null)
    {
        app.UseMiddleware<FailureMiddleware>();
        app.UseMiddleware<HeadMiddleware>();
        app.UseStatusCodePages(pages => FailureMiddleware.AnswerUnroutedAsync(pages.HttpContext));
        app.UseMiddleware<RequestInFlightMiddleware>();
        app.UseMiddleware<ContentTypeMiddleware>();
        app.UseRouting();
        app.UseMiddleware<ExactPathMiddleware>();
        app.UseMiddleware<SiteMiddleware>();
        app.UseAuthentication();
        app.UseAuthorization();
        useMore?.Invoke(app);
        app.UseMiddleware<ConnectionInUseMiddleware>();
        app.MapRiskApi();
        AlertPages.Map(app);
        AlertGroupPages.Map(app);
        PagerDutyWebhook.Map(app);
        app.MapRiskMcp();
        app.MapHealth();
        app.Services.GetRequiredService<ProtectedResource>().Map(app);
        app.MapRiskMetrics();
        // Of another name the library itself would answer, and not with a problem.
        app.MapOpenApi($"/openapi/{{documentName:regex(^{RouteDocumentation.DocumentName}$)}}.json").AllowAnonymous();
        return app;
    }
}
