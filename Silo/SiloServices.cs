using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using RiskMonitor.Grains;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Silo;

/// <summary>Configures a silo.</summary>
public static class SiloServices
{
    /// <summary>
    /// A silo that is alone in its cluster, for the single process. It opens no port, so that grains are reached only through the access check of the
    /// frontend. The host registers storage, alerting and its own services.
    /// </summary>
    /// <param name="useStorage">Registers where grain state and reminders are kept.</param>
    public static IHostApplicationBuilder UseRiskMonitorSilo(this IHostApplicationBuilder builder, Action<ISiloBuilder> useStorage)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(gatewayPort: 0);
            NoTransport.Replace(silo.Services);
            silo.AddRiskMonitor(builder.Configuration);
            useStorage(silo);
        });
        return builder;
    }

    /// <summary>What every silo of the product has, however it is clustered.</summary>
    public static ISiloBuilder AddRiskMonitor(this ISiloBuilder silo, IConfiguration configuration)
    {
        silo.AddReminders();
        silo.Services.AddRiskGrains(configuration);
        silo.Services.AddSingleton<IValidateOptions<SweepOptions>, SweepOptionsValidator>();
        silo.Services.AddOptions<SweepOptions>().Bind(configuration.GetSection(SweepOptions.Section)).ValidateOnStart();
        silo.Services.AddSingleton<AlertGauges>();
        silo.Services.AddHostedService<SweepKeeper>();
        if (silo.Services.Any(service => service.ServiceType == typeof(IEndpointRegistry)))
        {
            silo.Services.AddHostedService<EndpointReload>();
        }

        return silo;
    }
}
