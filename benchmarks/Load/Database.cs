using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A new database file that is gone afterwards.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");
    private readonly ServiceProvider _services;

    private Database()
    {
        var services = new ServiceCollection();
        services.AddSqliteStorage(storage => storage.DatabasePath = Path.Combine(_directory.FullName, "riskmonitor.db"));
        _services = services.BuildServiceProvider();
    }

    public IDeskJournal Journal => _services.GetRequiredService<IDeskJournal>();

    public static async Task<Database> CreateAsync()
    {
        var database = new Database();
        await database._services.GetRequiredService<SqliteStorage>().InitialiseAsync(CancellationToken.None);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }
}
