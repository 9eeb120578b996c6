using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Topics;

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
        services.AddSingleton<KafkaReadiness>();
        services.AddHostedService<KafkaIngestService>();
        return services;
    }

    /// <summary>The topic of alerts, for a silo that publishes to it.</summary>
    /// <param name="serviceId">Publishers of one service fence each other off.</param>
    /// <returns>Null where the configuration names no brokers or no topic: nothing is to be published.</returns>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static AlertTopicOptions? AddRiskTopic(this IServiceCollection services, IConfiguration configuration, string serviceId)
    {
        var options = configuration.GetSection(AlertTopicOptions.Section).Get<AlertTopicOptions>();
        if (string.IsNullOrWhiteSpace(options?.BootstrapServers) || options.AlertTopic.Length == 0)
        {
            return null;
        }

        if (new AlertTopicOptionsValidator().Validate(null, options) is { Failed: true } invalid)
        {
            throw new OptionsValidationException(AlertTopicOptions.Section, typeof(AlertTopicOptions), invalid.Failures);
        }

        services.AddSingleton<IRiskTopic>(new KafkaRiskTopic(options, serviceId));
        return options;
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
