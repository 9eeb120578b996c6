using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace RiskMonitor.Llm;

/// <summary>Registers the language model of section <c>Llm</c>, where one is configured.</summary>
public static class LlmServices
{
    private const string HttpClientName = "llm";

    /// <summary>May be called by each room that uses the model; the second time changes nothing.</summary>
    public static IServiceCollection AddLanguageModel(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(IOptionsChangeTokenSource<LlmOptions>)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<LlmOptions>().Bind(configuration.GetSection(LlmOptions.Section)).ValidateOnStart();
        if (!IsConfigured(configuration))
        {
            // The other options mean nothing without an endpoint, so that none of them is wrong.
            return services;
        }

        services.AddSingleton<IValidateOptions<LlmOptions>, LlmOptionsValidator>();
        services.AddMetrics();
        services.AddSingleton<LlmMetrics>();
        services.AddTransient<SizeLimit>();
        services.AddHttpClient(HttpClientName)
            // Timeouts are the caller's, by request and by answer.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .AddHttpMessageHandler<SizeLimit>()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                // The key is for the endpoint that was named, and for no other that it may point to.
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddSingleton(provider => Client(
            provider.GetRequiredService<IOptions<LlmOptions>>().Value, provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName)));
        services.AddSingleton<LanguageModel>();
        return services;
    }

    /// <summary>Whether there is a model to ask.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration.GetSection(LlmOptions.Section)[nameof(LlmOptions.Endpoint)]);

    private static IChatClient Client(LlmOptions options, HttpClient http)
    {
        // Some servers ask for no key; the library does.
        var key = new ApiKeyCredential(string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey);
        var client = new ChatClient(options.Model, key, new OpenAIClientOptions
        {
            Endpoint = new Uri(options.Endpoint!),
            Transport = new HttpClientPipelineTransport(http),
            // The library's own retries and timeouts know nothing of the time that is left.
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
        return client.AsIChatClient();
    }
}
