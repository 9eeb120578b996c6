using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
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
        services.AddOptions<SqliteStorageOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SqliteStorageOptions>, SqliteStorageOptionsValidator>();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SqliteStorage>();
        services.AddSingleton(provider => provider.GetRequiredService<SqliteStorage>().Health);
        services.AddSingleton<IHostedService, SqliteStorageStartup>();
        services.AddSingleton<IDatabase, SqliteDatabase>();

        services.AddSingleton<StorageOptions>(provider => provider.GetRequiredService<IOptions<SqliteStorageOptions>>().Value);
        services.AddSingleton<IJournalTables, SqliteJournalTables>();
        services.AddSingleton<IAlertNumbers, SqliteAlertNumbers>();
        services.AddSingleton<IPositionQueries, SqlitePositionQueries>();
        services.AddRepositories();
        services.AddSingleton<IGrainStateStore, SqliteGrainStateStore>();
        services.AddSingleton<IReminderStore, SqliteReminderStore>();
        return services;
    }
}
