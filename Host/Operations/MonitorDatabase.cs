using RiskMonitor.Alerting;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Silo.Clustering;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.MySql;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host.Operations;

/// <summary>The stores of a data directory, for a command beside or without a running host.</summary>
internal sealed class MonitorDatabase(ServiceProvider services) : IAsyncDisposable
{
    /// <summary>The name in the audit log. An account that may write the file is an administrator.</summary>
    public static string Caller => $"cli:{Environment.UserName}";

    /// <summary>The stores of the configuration: those of a cluster where its MySQL is configured, else those of the data directory.</summary>
    public static Task<MonitorDatabase> OpenAsync(IConfiguration configuration, string data, bool mayCreate, CancellationToken cancellationToken) =>
        IsCluster(configuration) ? OpenClusterAsync(configuration, cancellationToken) : OpenAsync(data, mayCreate, configuration, cancellationToken);

    /// <summary>The stores are those of a cluster.</summary>
    public static bool IsCluster(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[RoleSettings.MySqlKey]);

    /// <param name="mayCreate">Otherwise a directory without data is an error: more likely it is the wrong one.</param>
    public static Task<MonitorDatabase> OpenAsync(string data, bool mayCreate, CancellationToken cancellationToken) =>
        OpenAsync(data, mayCreate, new ConfigurationBuilder().Build(), cancellationToken);

    private static async Task<MonitorDatabase> OpenAsync(string data, bool mayCreate, IConfiguration configuration, CancellationToken cancellationToken)
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
            .AddSealedEndpoints(configuration)
            .AddEvidenceKeys(configuration)
            .BuildServiceProvider();
        await services.GetRequiredService<SqliteStorage>().InitialiseAsync(cancellationToken);
        return new MonitorDatabase(services);
    }

    /// <summary>The version of the schema of a cluster's database.</summary>
    public int SchemaVersion => Get<MySqlStorage>().SchemaVersion;

    /// <exception cref="UsageException">The command works on SQLite alone.</exception>
    public T Get<T>()
        where T : notnull => services.GetService<T>() is { } service
            ? service
            : throw new UsageException($"this command works on the SQLite file of a single process, and {RoleSettings.MySqlKey} is given; leave that out", UsageException.NotPossible);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static async Task<MonitorDatabase> OpenClusterAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddMySqlStorage(configuration.GetSection(MySqlStorageOptions.Section).Bind)
            .AddMySqlGrainStates(OrleansOptions.ServiceIdIn(configuration))
            .AddSealedEndpoints(configuration)
            .AddEvidenceKeys(configuration)
            .BuildServiceProvider();
        try
        {
            await services.GetRequiredService<MySqlStorage>().InitialiseAsync(cancellationToken);
            return new MonitorDatabase(services);
        }
        catch (InvalidOperationException exception)
        {
            await services.DisposeAsync();
            throw new UsageException(exception.Message, UsageException.NotPossible);
        }
    }
}
