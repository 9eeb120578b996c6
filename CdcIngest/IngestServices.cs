using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest;

/// <summary>The ingest of one feed. The host registers the feed itself, as <see cref="Feeds.IChangeFeed"/>.</summary>
public static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.AddOptions<IngestOptions>().Bind(configuration.GetSection(IngestOptions.Section)).ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<IngestMetrics>();
        services.AddHostedService<IngestService>();
        return services;
    }
}
