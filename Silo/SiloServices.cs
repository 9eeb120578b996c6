using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using RiskMonitor.Grains;

namespace RiskMonitor.Silo;

/// <summary>Configures a silo.</summary>
public static class SiloServices
{
    /// <summary>
    /// A silo that is alone in its cluster, for the embedded host: it opens no port, so nobody reaches grains past the frontend's access check. Grain
    /// state and reminders are in SQLite. The host registers storage, alerting and its own services.
    /// </summary>
    public static IHostApplicationBuilder UseRiskMonitorSilo(this IHostApplicationBuilder builder)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(gatewayPort: 0);
            NoTransport.Replace(silo.Services);
            silo.AddRiskMonitor(builder.Configuration);
        });
        return builder;
    }

    /// <summary>What every silo of the product has, however it is clustered.</summary>
    public static ISiloBuilder AddRiskMonitor(this ISiloBuilder silo, IConfiguration configuration)
    {
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        silo.Services.AddGrainStorage("Default", static (provider, _) => ActivatorUtilities.CreateInstance<SqliteGrainStorage>(provider));
        silo.Services.AddRiskGrains(configuration);
        silo.Services.AddSingleton<IValidateOptions<SweepOptions>, SweepOptionsValidator>();
        silo.Services.AddOptions<SweepOptions>().Bind(configuration.GetSection(SweepOptions.Section)).ValidateOnStart();
        silo.Services.AddSingleton<AlertGauges>();
        silo.Services.AddHostedService<Sweep>();
        return silo;
    }
}
