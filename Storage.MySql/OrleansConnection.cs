using MySqlConnector;

namespace RiskMonitor.Storage.MySql;

/// <summary>The connections of Orleans' providers: each purpose has a small pool of its own, so that none waits for the others.</summary>
internal static class OrleansConnection
{
    private const uint MostConnections = 10;

    public static string Of(MySqlStorageOptions options, string purpose) => new MySqlConnectionStringBuilder(options.ConnectionString)
    {
        ApplicationName = $"riskmonitor {purpose}",
        MaximumPoolSize = MostConnections,
        ConnectionTimeout = (uint)Math.Ceiling(options.ConnectTimeout.TotalSeconds),
        DefaultCommandTimeout = (uint)Math.Ceiling(options.CommandTimeout.TotalSeconds),
        CharacterSet = "utf8mb4",
        UseAffectedRows = false,
    }.ConnectionString;
}
