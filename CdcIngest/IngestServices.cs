using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest;

/// <summary>The ingest of one feed. The host registers the feed itself, as <see cref="Feeds.IChangeFeed"/>.</summary>
public static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelines(configuration);
        services.AddHostedService<IngestService>();
        return services;
    }

    /// <summary>
    /// The ingest of a Kafka topic, as one of a consumer group. The host registers <see cref="Risk.Feeds.IPartitionCheckpoints"/>, the position directory, the
    /// dead letters and the decoder.
    /// </summary>
    public static IServiceCollection AddKafkaIngest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPipelines(configuration);
        services.PostConfigure<IngestOptions>(options => options.CallTimeout ??= TimeSpan.FromSeconds(2));
        services.AddSingleton<IValidateOptions<KafkaOptions>, KafkaOptionsValidator>();
        services.AddOptions<KafkaOptions>().Bind(configuration.GetSection(KafkaOptions.Section)).ValidateOnStart();
        services.AddHostedService<KafkaIngestService>();
        return services;
    }

    private static void AddPipelines(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.AddOptions<IngestOptions>().Bind(configuration.GetSection(IngestOptions.Section)).ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<IngestMetrics>();
    }
}
