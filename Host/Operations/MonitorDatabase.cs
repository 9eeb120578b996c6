using RiskMonitor.Host.CommandLine;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host.Operations;

/// <summary>The stores of a data directory, for a command beside or without a running host.</summary>
internal sealed class MonitorDatabase(ServiceProvider services) : IAsyncDisposable
{
    /// <summary>The name in the audit log. An account that may write the file is an administrator.</summary>
    public static string Caller => $"cli:{Environment.UserName}";

    /// <param name="mayCreate">Otherwise a directory without data is an error: more likely it is the wrong one.</param>
    public static async Task<MonitorDatabase> OpenAsync(string data, bool mayCreate, CancellationToken cancellationToken)
    {
        var path = HostSettings.MonitorPathIn(data);
        if (!mayCreate && !File.Exists(path))
        {
            throw new UsageException($"there is no {path}; name the directory of a run with --data DIR, or start one: ./run");
        }

        PrivateFiles.CreateDirectory(data);
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSqliteStorage(storage => storage.DatabasePath = path)
            .BuildServiceProvider();
        await services.GetRequiredService<SqliteStorage>().InitialiseAsync(cancellationToken);
        return new MonitorDatabase(services);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
