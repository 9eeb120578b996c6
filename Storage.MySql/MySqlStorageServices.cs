using Microsoft.Extensions.DependencyInjection;
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
        services.AddStorage<MySqlStorage, MySqlStorageOptions, MySqlStorageOptionsValidator>(configure);
        services.AddSingleton<IDatabase, MySqlDatabase>();
        services.AddSingleton<IJournalTables, MySqlJournalTables>();
        services.AddSingleton<IAlertNumbers, MySqlAlertNumbers>();
        services.AddSingleton<IPositionQueries, MySqlPositionQueries>();
        return services;
    }

    /// <summary>The states of grains, for commands. Silos reach them by <see cref="MySqlSilo"/>.</summary>
    /// <param name="serviceId">The service id of the silos.</param>
    public static IServiceCollection AddMySqlGrainStates(this IServiceCollection services, string serviceId) =>
        services.AddSingleton<IGrainStateStore>(provider => new MySqlGrainStateStore(provider.GetRequiredService<IDatabase>(), serviceId));
}
