using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.UseCases.Markets;

/// <summary>Registers the market data of a process (section <c>MarketData</c>).</summary>
public static class MarketServices
{
    /// <param name="isUsed">Otherwise options are checked, and nothing is fetched.</param>
    public static IServiceCollection AddMarketData(this IServiceCollection services, IConfiguration configuration, bool isUsed = true)
    {
        services.AddSingleton<IValidateOptions<MarketDataOptions>, MarketDataOptionsValidator>();
        services.AddOptions<MarketDataOptions>().Bind(configuration.GetSection(MarketDataOptions.Section)).ValidateOnStart();
        if (isUsed)
        {
            services.AddMetrics();
            services.TryAddSingleton<UseCaseMetrics>();
            services.AddSingleton<MarketData>();
            services.AddSingleton<IMarketViews>(provider => provider.GetRequiredService<MarketData>());
            services.AddHostedService<MarketFeed>();
        }

        return services;
    }
}
