using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Llm;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Llm;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting;

/// <summary>Registers the analyst, the webhook sender and the alert policy (sections <c>Alerting</c>, <c>Webhook</c> and <c>Llm</c>).</summary>
public static class AlertingServices
{
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

        services.AddHttpClient(WebhookSender.HttpClientName)
            // The sender has its own timeout, which also covers the wait for a free slot.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                // Follow a receiver that moves to another address.
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            });
        services.AddMetrics();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<IWebhookSender, WebhookSender>();
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
}
