using System.Globalization;
using System.Net;
using MySqlConnector;

namespace RiskMonitor.Storage.MySql;

/// <summary>Opens the database at the start: waits for the server, looks at its settings, migrates, and takes the process's number.</summary>
internal sealed class MySqlOpening(
    MySqlDataSource connections,
    Action<string, string, int, string> opened,
    Action<string, string, string> waiting,
    Action<string> migrating,
    Action<string> notDurable,
    Action<long> smallPackets,
    Action<string> notEncrypted,
    TimeProvider time)
{
    private const long EnoughBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>A server that stays away is named at first, and then each time this many attempts have failed.</summary>
    private const int AttemptsPerLine = 15;

    /// <returns>The process's number.</returns>
    /// <exception cref="InvalidOperationException">The server refuses; the message says what to do.</exception>
    public async Task<long> OpenAsync(CancellationToken cancellationToken)
    {
        await using var source = connections;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TryOpenAsync(cancellationToken);
            }
            catch (MySqlException error) when (MySqlFaults.RemedyOf(error) is { } remedy)
            {
                throw new InvalidOperationException($"{Describe()} cannot be used: {error.Message} {remedy}", error);
            }
            catch (Exception error) when (MySqlFaults.IsOfTheConnection(error))
            {
                if (attempt % AttemptsPerLine == 0)
                {
                    var parts = Parts();
                    waiting(parts.Database, $"{parts.Server}:{parts.Port}", error.Message);
                }

                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }

    private async Task<long> TryOpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenConnectionAsync(cancellationToken);
        await CheckAsync(connection, cancellationToken);
        await CheckEncryptionAsync(connection, cancellationToken);
        var schema = await MySqlSchema.MigrateAsync(connection, () => migrating(connection.Database), cancellationToken);
        await using var number = new MySqlCommand("UPDATE write_locks SET value = LAST_INSERT_ID(value + 1) WHERE name = 'writers'; SELECT LAST_INSERT_ID()", connection);
        var process = Convert.ToInt64(await number.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        opened(connection.Database, connection.DataSource, schema, connection.ServerVersion);
        return process;
    }

    private async Task CheckAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT @@SESSION.sql_mode, @@innodb_flush_log_at_trx_commit, @@max_allowed_packet", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (mode, flush, packet) = (reader.GetString(0), $"{reader.GetValue(1)}", Convert.ToInt64(reader.GetValue(2), CultureInfo.InvariantCulture));
        if (!mode.Contains("STRICT_TRANS_TABLES", StringComparison.Ordinal) && !mode.Contains("STRICT_ALL_TABLES", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"{Describe()} cannot be used: its sql_mode is '{mode}', under which values that are too long are cut. Add STRICT_TRANS_TABLES to sql_mode in the server's configuration.");
        }

        if (flush != "1")
        {
            notDurable(flush);
        }

        if (packet < EnoughBytes)
        {
            smallPackets(packet);
        }
    }

    /// <summary>Whoever is between this process and the server could read and change alerts, limits and the hashes of keys.</summary>
    private async Task CheckEncryptionAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SHOW SESSION STATUS LIKE 'Ssl_cipher'", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var cipher = await reader.ReadAsync(cancellationToken) ? reader.GetString(1) : "";
        if (cipher.Length == 0 && !IsLocal(Parts()))
        {
            notEncrypted(connection.DataSource);
        }
    }

    private static bool IsLocal(MySqlConnectionStringBuilder parts) =>
        parts.ConnectionProtocol is MySqlConnectionProtocol.UnixSocket or MySqlConnectionProtocol.NamedPipe
        || parts.Server.StartsWith('/')
        || string.Equals(parts.Server, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(parts.Server, out var address) && IPAddress.IsLoopback(address));

    private string Describe() => $"database '{Parts().Database}' on {Parts().Server}:{Parts().Port}";

    private MySqlConnectionStringBuilder Parts() => new(connections.ConnectionString);
}
