using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Grouping;
using RiskMonitor.Alerting.Llm;
using RiskMonitor.Alerting.Messages;
using RiskMonitor.Alerting.Rules;
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

        AddHttpClient(services, EndpointFactory.HttpClientName, _ => new SocketsHttpHandler());
        AddHttpClient(services, EndpointFactory.CheckedHttpClientName, CheckedHandler);
        services.AddMetrics();
        services.AddAlertLinks(configuration);
        services.AddEndpointRules();
        services.AddSingleton(provider => new TargetAddresses(provider.GetRequiredService<IOptions<AlertingOptions>>().Value.Networks));
        services.AddSingleton<IEndpointRegistry>(provider => provider.GetRequiredService<EndpointSet>());
        services.AddSingleton<EndpointMetrics>();
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
            services.AddSingleton<IAnalyst, LlmAnalyst>();
        }
        else
        {
            services.AddSingleton<IAnalyst>(provider => provider.GetRequiredService<RulesAnalyst>());
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

    private static void AddHttpClient(IServiceCollection services, string name, Func<IServiceProvider, SocketsHttpHandler> create) => services.AddHttpClient(name)
        // Each endpoint has its own timeout.
        .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers()
        .ConfigurePrimaryHttpMessageHandler(provider =>
        {
            var handler = create(provider);
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            handler.AutomaticDecompression = DecompressionMethods.None;
            // Follow a receiver that moves to another address.
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
            return handler;
        });

    /// <summary>Dials allowed addresses only. A proxy would dial instead of us, so none is used.</summary>
    private static SocketsHttpHandler CheckedHandler(IServiceProvider provider)
    {
        var targets = provider.GetRequiredService<TargetAddresses>();
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
                new NetworkStream(await targets.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
        };
    }
}
