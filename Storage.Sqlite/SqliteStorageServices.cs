using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Access;
using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Feeds;
using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Limits;

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

        services.AddSingleton<IJournalTables, SqliteJournalTables>();
        services.AddSingleton<SqliteDeskJournal>();
        services.AddSingleton<IDeskJournal>(provider => provider.GetRequiredService<SqliteDeskJournal>());
        services.AddSingleton<IDeskJournalReader>(provider => provider.GetRequiredService<SqliteDeskJournal>());
        services.AddSingleton<IDeskRepair, SqliteDeskRepair>();
        services.AddSingleton<IDeskHistory, DeskHistory>();
        services.AddSingleton<IJournalRetention, SqliteJournalRetention>();
        services.AddSingleton<IPositionDirectory, SqlitePositionDirectory>();
        services.AddSingleton<IPositionQueries, SqlitePositionQueries>();
        services.AddSingleton<IAlertStore, AlertStore>();
        services.AddSingleton<IAlertQueries, AlertQueries>();
        services.AddSingleton<ILimitStore, LimitStore>();
        services.AddSingleton<IDeadLetterStore, DeadLetterStore>();
        services.AddSingleton<IUserStore, UserStore>();
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<IGrainStateStore, SqliteGrainStateStore>();
        services.AddSingleton<IReminderStore, SqliteReminderStore>();
        return services;
    }
}
