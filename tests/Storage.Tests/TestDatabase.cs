using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests;

/// <summary>A process's view of a database in a directory of its own. A second one on the same path is a second process.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string? _directory;

    private TestDatabase(string path, string? directory, TimeProvider time, Action<SqliteStorageOptions> configure)
    {
        Path = path;
        _directory = directory;
        _services = new ServiceCollection()
            .AddSingleton(time)
            .AddSqliteStorage(options =>
            {
                options.DatabasePath = path;
                configure(options);
            })
            .BuildServiceProvider();
        Journal = new TestJournal(Get<IDeskJournal>(), Get<IDeskJournalReader>());
    }

    public string Path { get; }

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

    /// <summary>Opens the file as another process would.</summary>
    public Task<TestDatabase> OpenAgainAsync(Action<SqliteStorageOptions>? configure = null) => OpenAsync(Path, null, configure, null);

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
        if (_directory is not null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static async Task<TestDatabase> OpenAsync(string path, string? directory, Action<SqliteStorageOptions>? configure, TimeProvider? time)
    {
        var database = new TestDatabase(path, directory, time ?? TimeProvider.System, configure ?? (_ => { }));
        await database.Storage.InitialiseAsync(CancellationToken.None);
        return database;
    }
}
