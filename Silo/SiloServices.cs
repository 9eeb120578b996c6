using System.Net;
using System.Net.Sockets;
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
    /// A silo of its own in this process, for the embedded host: localhost clustering on free ports, grain state and reminders in SQLite. The host
    /// registers storage, alerting and its own services.
    /// </summary>
    public static IHostApplicationBuilder UseRiskMonitorSilo(this IHostApplicationBuilder builder)
    {
        builder.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = FreePorts();
            silo.UseLocalhostClustering(siloPort, gatewayPort);
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

    /// <summary>Two ports that nobody listens on now. Several embedded hosts live on one machine.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }
}
