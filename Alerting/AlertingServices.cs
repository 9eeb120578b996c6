using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Grouping;
using RiskMonitor.Alerting.Llm;
using RiskMonitor.Alerting.Messages;
using RiskMonitor.Alerting.Notices;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Alerting.Sealing;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Llm;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting;

/// <summary>Registers the analyst, the endpoints and the alert policy (sections <c>Alerting</c>, <c>Webhook</c> and <c>Llm</c>).</summary>
public static class AlertingServices
{
    /// <summary>The links in messages (section <c>Links</c>): silos sign them, frontends check them.</summary>
    public static IServiceCollection AddAlertLinks(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LinkOptions>, LinkOptionsValidator>());
        services.AddOptions<LinkOptions>().Bind(configuration.GetSection(LinkOptions.Section)).ValidateOnStart();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<LinkOptions>>().Value.ToLinks());
        return services;
    }

    public static IServiceCollection AddAlerting(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection(WebhookOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlertingOptions>, AlertingOptionsValidator>();
        var webhookTimeout = configuration.GetSection(WebhookOptions.Section).GetValue(nameof(WebhookOptions.Timeout), new WebhookOptions().Timeout);
        services.AddSingleton<IValidateOptions<AlertingOptions>>(new AttemptLeaseValidator(webhookTimeout));
        services.AddOptions<AlertingOptions>().Bind(configuration.GetSection(AlertingOptions.Section)).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AlertingOptions>>().Value.ToPolicy());

        AddHttpClient(services, EndpointClients.HttpClientName, _ => null);
        AddHttpClient(services, EndpointClients.CheckedHttpClientName, provider => provider.GetRequiredService<TargetAddresses>());
        services.AddMetrics();
        services.AddAlertLinks(configuration);
        services.AddEndpointRules();
        services.AddSingleton(provider => new TargetAddresses(provider.GetRequiredService<IOptions<AlertingOptions>>().Value.Networks));
        services.AddSingleton<IEndpointRegistry>(provider => provider.GetRequiredService<EndpointSet>());
        services.AddSingleton<EndpointMetrics>();
        services.AddSingleton<EndpointClients>();
        services.AddSingleton<EndpointLog>();
        services.AddSingleton<ListComposer>();
        services.AddSingleton<EndpointFactory>();
        services.AddSingleton<EndpointSet>();
        services.AddSingleton<IAlertRoutes>(provider => provider.GetRequiredService<EndpointSet>());
        services.AddSingleton<IAlertSender, EndpointSender>();
        services.AddLanguageModel(configuration);
        services.AddSingleton<RulesAnalyst>();
        if (LlmServices.IsConfigured(configuration))
        {
            services.AddSingleton<SurroundingsReader>();
            services.AddSingleton<IAnalyst, LlmAnalyst>();
        }
        else
        {
            services.AddSingleton<IAnalyst>(provider => provider.GetRequiredService<RulesAnalyst>());
        }

        return services;
    }

    /// <summary>Notices to the operator are posted to a webhook, too (section <c>Notices</c>). Every role has notices of its own.</summary>
    public static IServiceCollection AddOperatorNotices(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<NoticeOptions>, NoticeOptionsValidator>();
        services.AddOptions<NoticeOptions>().Bind(configuration.GetSection(NoticeOptions.Section)).ValidateOnStart();
        services.AddMetrics();
        AddHttpClient(services, NoticeSender.HttpClientName, _ => null);
        services.AddSingleton<NoticeMetrics>();
        services.AddSingleton<NoticeQueue>();
        services.AddSingleton<NoticeSender>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeSender>());
        if (!string.IsNullOrEmpty(configuration[$"{NoticeOptions.Section}:{nameof(NoticeOptions.Url)}"]))
        {
            // Whatever the log shows: a quiet log must not silence a notice.
            services.AddLogging(logs => logs.AddFilter<NoticeLog>(null, LogLevel.Warning));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, NoticeLog>());
        }

        return services;
    }

    /// <summary>What the settings of an endpoint may be, for a command without services.</summary>
    public static IEndpointRules EndpointRules { get; } = new EndpointRules();

    /// <summary>What the settings of an endpoint may be, for those who set them at run time.</summary>
    public static IServiceCollection AddEndpointRules(this IServiceCollection services)
    {
        services.TryAddSingleton(EndpointRules);
        return services;
    }

    /// <summary>
    /// The settings of endpoints that are set at run time are sealed in their table (section <c>EndpointSettings</c>). Call it after the storage was added, for silos
    /// and frontends alike.
    /// </summary>
    public static IServiceCollection AddSealedEndpoints(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(SettingsSeal)) || services.LastOrDefault(service => service.ServiceType == typeof(IEndpointStore)) is not { } stored)
        {
            return services;
        }

        services.AddSingleton<IValidateOptions<EndpointSettingsOptions>, EndpointSettingsOptionsValidator>();
        services.AddOptions<EndpointSettingsOptions>().Bind(configuration.GetSection(EndpointSettingsOptions.Section)).ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<EndpointSettingsOptions>>().Value.ToSeal());
        services.Remove(stored);
        services.AddSingleton<IEndpointStore>(provider => new SealedEndpointStore(
            (IEndpointStore)(stored.ImplementationInstance ?? stored.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, stored.ImplementationType!)),
            provider.GetRequiredService<SettingsSeal>(),
            provider.GetRequiredService<ILogger<SealedEndpointStore>>()));
        return services;
    }

    private static void AddHttpClient(IServiceCollection services, string name, Func<IServiceProvider, TargetAddresses?> targets) => services.AddHttpClient(name)
        // Each endpoint has its own timeout.
        .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers()
        .ConfigurePrimaryHttpMessageHandler(provider => EndpointClients.Handler(targets(provider)));
}
