using Microsoft.Data.Sqlite;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// Reads the table as the feed would tell it, and writes corrections to its log: at their place among the changes of clients, so that desks apply them as
/// they apply those.
/// </summary>
public sealed class PositionsTable : IDisposable
{
    /// <summary>What the mark of a correction begins with. Changes carry the mark as their transaction.</summary>
    public const string CorrectionPrefix = "reconcile:";

    private static readonly DebeziumDecoder s_decoder = new(new DebeziumOptions());

    private readonly SqliteConnection _connection;
    private readonly FeedPartition _partition;
    private readonly OutboxSql _sql;

    private PositionsTable(SqliteConnection connection, OutboxTable table, FeedPartition partition)
    {
        _connection = connection;
        _partition = partition;
        _sql = new OutboxSql(table);
    }

    /// <exception cref="InvalidOperationException">There is no table that a monitor of this version follows; the message says what to do.</exception>
    public static PositionsTable Open(string path, string topic)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"there is no {path}; name the directory of the trading system's file with --data DIR");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            if (new OutboxTableReader(connection, path).Read() is { } table)
            {
                var found = new PositionsTable(connection, table, new FeedPartition(topic, 0));
                return connection.Text("SELECT sql FROM sqlite_master WHERE name = 'positions_outbox'") == OutboxSchema.Outbox
                    ? found
                    : throw new InvalidOperationException($"{path} has no outbox of this version; start the monitor on it once");
            }

            throw new InvalidOperationException($"there is no table positions in {path}");
        }
        catch (UnusableTableException unusable)
        {
            connection.Dispose();
            throw new InvalidOperationException(unusable.Message, unusable);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <param name="from">Positions with entries from this one on are named as changed.</param>
    public TableImage Read(long from)
    {
        // Everything from one snapshot of the file.
        using var transaction = _connection.BeginTransaction(deferred: true);
        var through = _connection.Number($"SELECT {OutboxSchema.LastId}");
        var number = _connection.Number("SELECT number FROM positions_outbox_log");
        var rows = new Dictionary<string, Position>(StringComparer.Ordinal);
        var unreadable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var message in Messages(OutboxEntry.File(number)))
        {
            switch (s_decoder.Decode(message))
            {
                case DecodedMessage.Row { After: { } after } row:
                    rows[row.PositionId] = after;
                    break;
                case DecodedMessage.Unreadable problem:
                    unreadable[problem.PositionId ?? ""] = problem.Reason;
                    break;
            }
        }

        var changed = new HashSet<string>(StringComparer.Ordinal);
        using (var command = _connection.Command("SELECT DISTINCT CAST(position_id AS TEXT) FROM positions_outbox WHERE id >= $from AND position_id IS NOT NULL", ("$from", from)))
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                changed.Add(reader.GetString(0));
            }
        }

        var firstKept = _connection.Number($"SELECT coalesce(min(id), {through + 1}) FROM positions_outbox");
        return new TableImage(OutboxEntry.File(number), through, firstKept, rows, unreadable, changed);
    }

    /// <summary>Writes corrections to the log, with what the table holds at that moment.</summary>
    /// <param name="mark">Begins with <see cref="CorrectionPrefix"/>.</param>
    /// <returns>The last entry of the log.</returns>
    public long Correct(string mark, IEnumerable<TableCorrection> corrections)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        _connection.Execute("CREATE TEMP TABLE IF NOT EXISTS corrections (id, desk); DELETE FROM temp.corrections");
        foreach (var correction in corrections)
        {
            _connection.Execute("INSERT INTO temp.corrections VALUES ($id, $desk)", ("$id", correction.PositionId), ("$desk", correction.WrongDesk));
        }

        var columns = string.Join(", ", OutboxColumn.All.Select(column => "r." + column.Name));
        _connection.Execute(
            $"""
            INSERT INTO positions_outbox (at, op, mark, copies, {OutboxSchema.Columns}, was_desk)
            SELECT {OutboxSql.NowMilliseconds}, 'u', $mark, r.copies, {columns}, c.desk
            FROM {_sql.Rows("")} AS r JOIN temp.corrections AS c ON c.id = CAST(r.position_id AS TEXT)
            """,
            ("$mark", mark));
        _connection.Execute(
            $"""
            INSERT INTO positions_outbox (at, op, mark, position_id, was_desk)
            SELECT {OutboxSql.NowMilliseconds}, 'd', $mark, c.id, c.desk
            FROM temp.corrections AS c WHERE c.id NOT IN (SELECT CAST(position_id AS TEXT) FROM positions WHERE position_id IS NOT NULL)
            """,
            ("$mark", mark));
        var last = _connection.Number($"SELECT {OutboxSchema.LastId}");
        transaction.Commit();
        return last;
    }

    public void Dispose() => _connection.Dispose();

    private List<FeedMessage> Messages(string log)
    {
        var messages = new List<FeedMessage>();
        var columns = string.Join(", ", OutboxColumn.All.Select(column => column.Name));
        using var command = _connection.Command($"SELECT 0, {OutboxSql.NowMilliseconds}, 'u', NULL, 0, copies, NULL, {columns} FROM {_sql.Rows("")}");
        using var written = new OutboxJson();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            messages.Add(OutboxEntry.Read(reader.Handle!, _partition, log, written));
        }

        return messages;
    }
}
