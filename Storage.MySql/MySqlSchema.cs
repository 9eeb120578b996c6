using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;

namespace RiskMonitor.Storage.MySql;

/// <summary>Brings a database to the newest schema by the numbered scripts in <c>Schema/</c>.</summary>
internal static class MySqlSchema
{
    private const string ResourcePrefix = "RiskMonitor.Storage.MySql.Schema.";

    /// <summary>How long one request for the lock waits; requests are repeated, so that a caller who gives up is not kept.</summary>
    private const int LockSeconds = 5;

    private static readonly IReadOnlyList<(int Number, string Resource)> Migrations =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(ResourcePrefix.Length, 3), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    public static int Newest => Migrations[^1].Number;

    /// <summary>The scripts by their names, in their order.</summary>
    public static IEnumerable<(string Name, string Text)> Scripts => Migrations.Select(migration => (migration.Resource[ResourcePrefix.Length..], Text(migration.Resource)));

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
            var found = await ScalarAsync(connection, "SELECT coalesce(max(version), 0) FROM schema_version", cancellationToken);
            if (found > Newest)
            {
                throw new InvalidOperationException(
                    $"database '{connection.Database}' has schema {found}, and this program knows schemas up to {Newest}: run the version that wrote it, or give another database");
            }

            foreach (var (number, resource) in Migrations.Where(migration => migration.Number > found))
            {
                await ExecuteAsync(connection, Text(resource), cancellationToken);
                await ExecuteAsync(connection, $"INSERT INTO schema_version (version, name) VALUES ({number}, '{resource[ResourcePrefix.Length..]}')", cancellationToken);
            }

            return Newest;
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

    private static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
