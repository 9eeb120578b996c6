using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.Grains.Alerts;
using RiskMonitor.Grains.Desks;
using RiskMonitor.Grains.Feeds;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains;

/// <summary>What the grains need beside the ports of <c>Risk</c>.</summary>
public static class GrainServices
{
    public static IServiceCollection AddRiskGrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(AlertPolicy.Default);
        services.AddMetrics();
        services.AddSingleton<GrainMetrics>();
        services.AddSingleton(provider => new AlertLifecycle(
            provider.GetRequiredService<AlertPolicy>(), AlertDocument.WebhookBody, provider.GetService<IAlertRoutes>()));
        services.AddSingleton<UnavailableDesks>();
        services.AddSingleton<ActiveDesks>();
        services.AddHostedService<JournalHeadCheck>();
        services.AddSingleton<IValidateOptions<DeskOptions>, DeskOptionsValidator>();
        services.AddOptions<DeskOptions>().Bind(configuration.GetSection(DeskOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FeedOptions>, FeedOptionsValidator>();
        services.AddOptions<FeedOptions>().Bind(configuration.GetSection(FeedOptions.Section)).ValidateOnStart();
        return services;
    }

    /// <summary>Endpoints gather the messages of all silos of the cluster. A process that is alone does without.</summary>
    public static IServiceCollection AddClusterListRounds(this IServiceCollection services) => services.AddSingleton<IListRounds, ClusterListRounds>();
}
