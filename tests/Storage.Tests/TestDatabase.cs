using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.MySql;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests;

/// <summary>A process's view of a database of its own. A second one on the same path or connection string is a second process.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Func<Task> _remove;

    private TestDatabase(string path, bool isMySql, TimeProvider time, Action<IServiceCollection> add, Func<Task> remove)
    {
        Path = path;
        IsMySql = isMySql;
        _remove = remove;
        var services = new ServiceCollection().AddSingleton(time).AddSingleton(new TopicComposer(Clearance.Desk));
        add(services);
        _services = services.BuildServiceProvider();
        Journal = new TestJournal(Get<IDeskJournal>(), Get<IDeskJournalReader>());
    }

    /// <summary>The file, or the connection string.</summary>
    public string Path { get; }

    public bool IsMySql { get; }

    public SqliteStorage Storage => Get<SqliteStorage>();

    public TestJournal Journal { get; }

    /// <param name="prepare">Makes the file before it is opened, as another version would have left it.</param>
    public static async Task<TestDatabase> CreateAsync(Action<SqliteStorageOptions>? configure = null, TimeProvider? time = null, Action<string>? prepare = null)
    {
        var directory = Directory.CreateTempSubdirectory("riskmonitor-storage-").FullName;
        var path = System.IO.Path.Combine(directory, "riskmonitor.db");
        prepare?.Invoke(path);
        return await OpenAsync(path, directory, configure, time);
    }

    /// <param name="remove">Runs after the database is closed.</param>
    public static async Task<TestDatabase> OpenMySqlAsync(string connectionString, Action<MySqlStorageOptions>? configure, TimeProvider? time, Func<Task> remove)
    {
        var database = new TestDatabase(
            connectionString,
            isMySql: true,
            time ?? TimeProvider.System,
            services => services.AddMySqlStorage(options =>
            {
                options.ConnectionString = connectionString;
                options.CommandTimeout = TimeSpan.FromMinutes(5);
                Configure(options, configure);
            }),
            remove);
        await database.Get<MySqlStorage>().InitialiseAsync(CancellationToken.None);
        return database;
    }

    /// <summary>Reads rows as they are stored.</summary>
    public Task<List<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> row) =>
        Get<IDatabase>().ReadAsync(ReadPool.Upkeep, db => db.ListAsync(sql, row), CancellationToken.None);

    /// <summary>Opens the database as another process would.</summary>
    public Task<TestDatabase> OpenAgainAsync(Action<StorageOptions>? configure = null, TimeProvider? time = null) =>
        IsMySql ? OpenMySqlAsync(Path, configure, time, () => Task.CompletedTask) : OpenAsync(Path, null, configure, time);

    /// <summary>What a crash at this instant would leave: the files as they are on the disk now.</summary>
    public async Task<TestDatabase> CrashAsync()
    {
        var directory = Directory.CreateTempSubdirectory("riskmonitor-storage-").FullName;
        var copy = System.IO.Path.Combine(directory, "riskmonitor.db");
        File.Copy(Path, copy);
        File.Copy($"{Path}-wal", $"{copy}-wal");
        return await OpenAsync(copy, directory, null, null);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _remove();
    }

    private static async Task<TestDatabase> OpenAsync(string path, string? directory, Action<SqliteStorageOptions>? configure, TimeProvider? time)
    {
        var database = new TestDatabase(
            path,
            isMySql: false,
            time ?? TimeProvider.System,
            services => services.AddSqliteStorage(options =>
            {
                options.DatabasePath = path;
                Configure(options, configure);
            }),
            () =>
            {
                if (directory is not null)
                {
                    Directory.Delete(directory, recursive: true);
                }

                return Task.CompletedTask;
            });
        await database.Storage.InitialiseAsync(CancellationToken.None);
        return database;
    }

    private static void Configure<T>(T options, Action<T>? configure)
        where T : StorageOptions
    {
        // No verdict may hang on how long a busy machine takes for a question.
        options.QueryTimeout = TimeSpan.FromMinutes(5);
        configure?.Invoke(options);
    }
}
