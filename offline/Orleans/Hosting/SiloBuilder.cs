using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>The silo builder of one service collection; every UseOrleans of a host configures the same one.</summary>
internal sealed class SiloBuilder(IServiceCollection services, IConfiguration configuration) : ISiloBuilder
{
    public IServiceCollection Services { get; } = services;

    public IConfiguration Configuration { get; } = configuration;

    internal static SiloBuilder For(IServiceCollection services, IConfiguration configuration)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(SiloBuilder))?.ImplementationInstance is SiloBuilder existing)
        {
            return existing;
        }

        var builder = new SiloBuilder(services, configuration);
        services.AddSingleton(builder);
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LocalCluster>();
        services.AddSingleton<Silo>();
        services.AddSingleton<ILocalSiloDetails>(s => s.GetRequiredService<Silo>());
        services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<Silo>().Factory);
        services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<Silo>().Factory);
        services.AddScoped<ScopedGrainContext>();
        services.AddScoped<IGrainContext>(s => s.GetRequiredService<ScopedGrainContext>().Context!);
        services.AddSingleton<IGrainContextAccessor, GrainContextAccessor>();
        services.AddSingleton<IHostedService, SiloHostedService>();
        return builder;
    }
}
