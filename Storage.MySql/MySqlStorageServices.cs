using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.MySql;

/// <summary>Registers the storage.</summary>
public static class MySqlStorageServices
{
    /// <summary>
    /// Keeps everything in one database on MySQL or MariaDB, which all processes of a cluster share. A host opens it before anything else starts; without
    /// a host, await <see cref="MySqlStorage.InitialiseAsync"/>.
    /// </summary>
    public static IServiceCollection AddMySqlStorage(this IServiceCollection services, Action<MySqlStorageOptions> configure)
    {
        services.AddOptions<MySqlStorageOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MySqlStorageOptions>, MySqlStorageOptionsValidator>();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MySqlStorage>();
        services.AddSingleton(provider => provider.GetRequiredService<MySqlStorage>().Health);
        services.AddSingleton<IHostedService, MySqlStorageStartup>();
        services.AddSingleton<IDatabase, MySqlDatabase>();

        services.AddSingleton<StorageOptions>(provider => provider.GetRequiredService<IOptions<MySqlStorageOptions>>().Value);
        services.AddSingleton<IJournalTables, MySqlJournalTables>();
        services.AddSingleton<IAlertNumbers, MySqlAlertNumbers>();
        services.AddSingleton<IPositionQueries, MySqlPositionQueries>();
        services.AddRepositories();
        return services;
    }
}
