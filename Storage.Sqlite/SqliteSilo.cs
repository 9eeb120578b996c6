using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Where a silo without a cluster keeps grain state and reminders.</summary>
public static class SqliteSilo
{
    /// <summary>Keeps both in the file of <see cref="SqliteStorageServices.AddSqliteStorage"/>, which the host registers.</summary>
    public static void UseSqlite(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        silo.Services.AddGrainStorage("Default", static (provider, _) => ActivatorUtilities.CreateInstance<SqliteGrainStorage>(provider));
    }
}
