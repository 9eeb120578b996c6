using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.Silo.Publishing;

/// <summary>Registers the topic of alerts. Without it, nothing is stored for the topic.</summary>
public static class PublishingServices
{
    /// <summary>This silo stores messages for the topic, and is one of those that publish them. The host registers the <see cref="IRiskTopic"/>.</summary>
    /// <param name="clearance">What readers of the topic may see.</param>
    public static IServiceCollection AddRiskPublishing(this IServiceCollection services, Clearance clearance, PublisherOptions options)
    {
        services.AddSingleton(new TopicComposer(clearance));
        services.AddSingleton(options);
        services.AddSingleton<PublisherMetrics>();
        services.AddHostedService<PublisherKeeper>();
        return services;
    }
}
