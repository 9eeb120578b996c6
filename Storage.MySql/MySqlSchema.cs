using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.MySql;

/// <summary>Brings a database to the newest schema by the numbered scripts in <c>Schema/</c>.</summary>
internal static class MySqlSchema
{
    /// <summary>How long one request for the lock waits; requests are repeated, so that a caller who gives up is not kept.</summary>
    private const int LockSeconds = 5;

    public static MigrationScripts Scripts { get; } = new(Assembly.GetExecutingAssembly(), "RiskMonitor.Storage.MySql.Schema.");

    /// <summary>Processes that start at once migrate one after the other: the later ones find the work done.</summary>
    /// <param name="waiting">Called each time the lock is still held by another process.</param>
    /// <returns>The schema's version.</returns>
    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public static async Task<int> MigrateAsync(MySqlConnection connection, Action waiting, CancellationToken cancellationToken)
    {
        // The name of a lock is valid for the whole server and has at most 64 characters.
        var lockName = $"riskmonitor_schema_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(connection.Database)).AsSpan(0, 8))}";
        while (await ScalarAsync(connection, $"SELECT GET_LOCK('{lockName}', {LockSeconds})", cancellationToken) != 1)
        {
            waiting();
        }

        try
        {
            await ExecuteAsync(
                connection,
                "CREATE TABLE IF NOT EXISTS schema_version (version INT NOT NULL PRIMARY KEY, name VARCHAR(200) CHARACTER SET ascii NOT NULL) ENGINE=InnoDB",
                cancellationToken);
            await AddWorksFromAsync(connection, cancellationToken);
            var found = await ScalarAsync(connection, "SELECT coalesce(max(version), 0) FROM schema_version", cancellationToken);
            var worksFrom = await ScalarAsync(connection, "SELECT coalesce(max(works_from), 0) FROM schema_version", cancellationToken);
            foreach (var (number, name, text) in Scripts.After(found, worksFrom, connection.Database, "another database"))
            {
                await ExecuteAsync(connection, text, cancellationToken);
                await ExecuteAsync(connection, $"INSERT INTO schema_version (version, name, works_from) VALUES ({number}, '{name}', {MigrationScripts.WorksFrom(number, text)})", cancellationToken);
            }

            return Math.Max(Scripts.Newest, (int)found);
        }
        finally
        {
            // Closing the connection releases the lock, too; a broken one has released it already.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"DO RELEASE_LOCK('{lockName}')", CancellationToken.None);
            }
        }
    }

    /// <summary>A column that the first databases lack. Their scripts allow no older program.</summary>
    private static async Task AddWorksFromAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        const string Present = "SELECT count(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'schema_version' AND column_name = 'works_from'";
        if (await ScalarAsync(connection, Present, cancellationToken) == 0)
        {
            await ExecuteAsync(connection, "ALTER TABLE schema_version ADD COLUMN works_from INT NOT NULL DEFAULT 0", cancellationToken);
        }

        await ExecuteAsync(connection, "UPDATE schema_version SET works_from = version WHERE works_from = 0", cancellationToken);
    }

    private static async Task<long> ScalarAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // A statement of OrleansQuery names its parameters, which are text here.
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
