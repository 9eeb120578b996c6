using System.Data;
using System.Globalization;
using MySqlConnector;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>
/// Compares the trading system's table on MySQL with what the desks of a cluster hold. The table and the desks cannot be read at one place of the binlog
/// without stopping the trading system, so both are read twice: what differs both times in the same way is a difference, and what changes in between is on its way.
/// </summary>
/// <param name="settle">The time between the two readings: longer than a change takes from its commit to its desk.</param>
internal sealed class ClusterReconciliation(
    IDeskHoldings desks, string connectionString, string table, string feed, TimeSpan settle, TimeProvider clock, TextWriter output)
{
    public const string ConnectionKey = "Reconcile:TradingConnectionString";

    private const uint ConnectSeconds = 10;
    private const int ReadSeconds = 600;

    /// <exception cref="UsageException">There is no such desk, or the table cannot be read.</exception>
    public async Task<IReadOnlyList<BookDifference>> RunAsync(string? desk, CancellationToken cancellationToken)
    {
        var first = await CompareAsync(desk, cancellationToken);
        if (first.Differences.Count > 0)
        {
            await Task.Delay(settle, clock, cancellationToken);
        }

        var second = first.Differences.Count > 0 ? await CompareAsync(desk, cancellationToken) : first;
        var known = first.Differences.Select(difference => difference.Text).ToHashSet(StringComparer.Ordinal);
        var stayed = second.Differences.Where(difference => known.Contains(difference.Text)).ToList();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"compared {second.Rows} rows of {table} with {second.Holdings.Count} desks, the table as of {second.Log}"));
        foreach (var holding in second.Holdings.Where(holding => holding.Problem is not null && (desk is null || holding.Desk == desk)))
        {
            await output.WriteLineAsync($"not compared: {VisibleText.Quoted(holding.Desk)} cannot be read ({VisibleText.Escaped(holding.Problem!)}); repair it with desks repair");
        }

        foreach (var difference in stayed)
        {
            await output.WriteLineAsync(difference.Text);
        }

        var moving = second.Differences.Count - stayed.Count;
        if (moving > 0)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"not compared: {moving} positions that change just now"));
        }

        if (stayed.Count == 0)
        {
            await output.WriteLineAsync("no differences");
        }

        return stayed;
    }

    /// <summary>Desks first: a change that comes in between is in the table and not in them, and the second reading finds it there.</summary>
    private async Task<Reading> CompareAsync(string? desk, CancellationToken cancellationToken)
    {
        var holdings = await desks.ReadAsync(null, cancellationToken);
        if (desk is not null && holdings.All(holding => holding.Desk != desk))
        {
            throw new UsageException($"there is no desk {VisibleText.Quoted(desk)}; names are compared exactly", UsageException.NotPossible);
        }

        try
        {
            var (rows, log) = await ReadTableAsync(cancellationToken);
            return new Reading(BookComparison.Of(rows, holdings, feed, _ => false, desk), holdings, rows.Count, log);
        }
        catch (Exception problem) when (problem is MySqlException or FormatException or InvalidCastException)
        {
            throw new UsageException($"{ConnectionKey}: the table {table} cannot be read: {problem.Message}", UsageException.NotPossible);
        }
    }

    private async Task<(IReadOnlyDictionary<string, Position> Rows, string Log)> ReadTableAsync(CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(connectionString)
        {
            ConnectionTimeout = ConnectSeconds,
            DefaultCommandTimeout = ReadSeconds,
            CharacterSet = "utf8mb4",
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var log = await LogAsync(connection, transaction, cancellationToken);
        await using var command = new MySqlCommand(
            $"""
            SELECT CAST(position_id AS CHAR), trader_id, desk, security_id, CAST(quantity AS CHAR), CAST(delta AS CHAR), DATE_FORMAT(entry_date, '%Y-%m-%d'), currency
            FROM `{table.Replace("`", "``", StringComparison.Ordinal)}`
            """,
            connection,
            transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            rows[id] = new Position(
                id,
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                Decimal(reader.GetString(4)),
                reader.IsDBNull(5) ? null : Decimal(reader.GetString(5)),
                DateOnly.ParseExact(reader.GetString(6), "O", CultureInfo.InvariantCulture),
                reader.GetString(7),
                null);
        }

        return (rows, log);

        static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Where the binlog is. MySQL from 8.4 on has another word for it than MariaDB, and both want a privilege that reading the table does not.</summary>
    private static async Task<string> LogAsync(MySqlConnection connection, MySqlTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var statement in (string[])["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"])
        {
            try
            {
                await using var command = new MySqlCommand(statement, connection, transaction);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken)
                    ? $"binlog {reader.GetString(0)}:{Convert.ToString(reader.GetValue(1), CultureInfo.InvariantCulture)}"
                    : "a server without a binlog";
            }
            catch (MySqlException)
            {
                // Another word for it, or not allowed.
            }
        }

        return "now (the user may not see the binlog: grant REPLICATION CLIENT, on MariaDB BINLOG MONITOR)";
    }

    private sealed record Reading(IReadOnlyList<BookDifference> Differences, IReadOnlyList<DeskHolding> Holdings, int Rows, string Log);
}
