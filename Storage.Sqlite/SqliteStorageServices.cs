using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Registers the storage.</summary>
public static class SqliteStorageServices
{
    /// <summary>
    /// Keeps everything in one SQLite file. A host opens it before anything else starts; without a host, await
    /// <see cref="SqliteStorage.InitialiseAsync"/>.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, Action<SqliteStorageOptions> configure)
    {
        services.AddStorage<SqliteStorage, SqliteStorageOptions, SqliteStorageOptionsValidator>(configure);
        services.AddSingleton<IDatabase, SqliteDatabase>();
        services.AddSingleton<IJournalTables, SqliteJournalTables>();
        services.AddSingleton<IAlertNumbers, SqliteAlertNumbers>();
        services.AddSingleton<IPositionQueries, SqlitePositionQueries>();
        services.AddSingleton<IGrainStateStore, SqliteGrainStateStore>();
        services.AddSingleton<IReminderStore, SqliteReminderStore>();
        return services;
    }
}
