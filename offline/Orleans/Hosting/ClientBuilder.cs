using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>The client builder of one service collection.</summary>
internal sealed class ClientBuilder(IServiceCollection services, IConfiguration configuration) : IClientBuilder
{
    public IServiceCollection Services { get; } = services;

    public IConfiguration Configuration { get; } = configuration;

    internal static ClientBuilder For(IServiceCollection services, IConfiguration configuration)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(ClientBuilder))?.ImplementationInstance is ClientBuilder existing)
        {
            return existing;
        }

        var builder = new ClientBuilder(services, configuration);
        services.AddSingleton(builder);
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Client);
        services.TryAddSingleton(s => new GrainFactory(s.GetRequiredService<RuntimeClient>(), s));
        services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<GrainFactory>());
        services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<GrainFactory>());
        return builder;
    }

    private static RuntimeClient Client(IServiceProvider services) => new(
        services.GetService<LocalCluster>() ?? throw new OrleansConfigurationException("The offline stand-in for Orleans has no network: a client finds silos of its own process only."),
        null,
        services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value,
        services.GetService<ActivityPropagation>() is not null);
}
