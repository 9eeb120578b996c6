using System.Globalization;
using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>A connection to the trading system's file.</summary>
internal sealed class OutboxDatabase : IDisposable
{
    /// <summary>
    /// Desks may have applied more than the stored offset says, by as much as the ingest lets be outstanding. A new log begins beyond what any of
    /// them can have seen, or they would take its first entries for ones that they have.
    /// </summary>
    private const long NeverReached = 1_000_000;

    private const int PruneAtOnce = 5_000;

    private readonly SqliteConnection connection;
    private readonly string path;

    private OutboxDatabase(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <summary>Changes with every commit of somebody else.</summary>
    public long DataVersion => Number("PRAGMA data_version");

    /// <summary>Changes with every change of tables and triggers.</summary>
    public long SchemaVersion => Number("PRAGMA schema_version");

    public static OutboxDatabase Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // Unpooled: a pooled connection would hold on to a file that was replaced. The timeout, in seconds, bounds each wait for a lock.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            return new OutboxDatabase(connection, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes what is missing, and finds where a reader that wants to go on at <paramref name="from"/> has to begin.</summary>
    /// <param name="from">0: from the beginning; null: nobody is going to read yet.</param>
    public OutboxStart Prepare(long? from)
    {
        Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(OutboxSchema.Positions);
        RequireColumns();
        Execute(OutboxSchema.Outbox);
        var isNew = Number("INSERT OR IGNORE INTO positions_outbox_log VALUES (1, CAST(strftime('%s', 'now') AS INTEGER), 1, 0); SELECT changes()") == 1;
        var missedChanges = MakeTriggers() && !isNew;
        var last = Number("SELECT max(coalesce((SELECT max(id) FROM positions_outbox), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'positions_outbox'), 0))");
        var first = Number($"SELECT coalesce(min(id), {last + 1}) FROM positions_outbox");
        var lost = from > 0 ? WhatIsLost(from.Value, first, last) : null;
        if (lost is not null)
        {
            BeginAnew(after: Math.Max(last, from!.Value - 1) + NeverReached);
        }
        else if (missedChanges && from != 0)
        {
            lost = from is null ? null : "the triggers on positions had gone, and changes may have been missed";
            WriteSnapshot(last, tellEmpty: true);
        }
        else if (isNew || missedChanges || (from == 0 && first > Number("SELECT starts_at FROM positions_outbox_log")))
        {
            WriteSnapshot(last, tellEmpty: false);
        }

        var next = from > 0 ? from.Value : Number("SELECT starts_at FROM positions_outbox_log");
        if (from is not null)
        {
            Execute("UPDATE positions_outbox_log SET is_read = 1 WHERE is_read = 0");
        }

        transaction.Commit();
        return new OutboxStart(next, lost);
    }

    /// <summary>The entries from an id on, in order.</summary>
    public List<FeedMessage> Read(FeedPartition partition, long from, int atMost)
    {
        using var command = Command("SELECT id, CAST(key AS BLOB), CAST(value AS BLOB) FROM positions_outbox WHERE id >= $from ORDER BY id LIMIT $atMost");
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$atMost", atMost);
        using var reader = command.ExecuteReader();
        var messages = new List<FeedMessage>();
        while (reader.Read())
        {
            var key = reader.IsDBNull(1) ? [] : reader.GetFieldValue<byte[]>(1);
            messages.Add(new FeedMessage(new Delivery(partition.Topic, partition.Partition, reader.GetInt64(0)), key, reader.GetFieldValue<byte[]>(2), HasValue: true));
        }

        return messages;
    }

    /// <summary>Removes entries before an id, except the newest; a few at a time, so that no client waits long for the lock.</summary>
    public void Prune(long before, int keepNewest, CancellationToken cancellationToken)
    {
        var end = Math.Min(before, Number("SELECT coalesce(max(id), 0) FROM positions_outbox") - keepNewest + 1);
        for (var first = Number("SELECT coalesce(min(id), 0) FROM positions_outbox"); first < end; first += PruneAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Execute($"DELETE FROM positions_outbox WHERE id < {Math.Min(end, first + PruneAtOnce)}");
        }
    }

    public void Dispose() => connection.Dispose();

    private string? WhatIsLost(long from, long first, long last)
    {
        if (Number("SELECT is_read FROM positions_outbox_log") == 0)
        {
            return $"{VisibleText.Quoted(path)} was made anew: nobody has read it, but reading was to go on at {from}";
        }

        return from > last + 1 ? $"{VisibleText.Quoted(path)} was made anew or restored: its changes end at {last}, but reading was to go on at {from}"
            : from < first ? $"the changes of {VisibleText.Quoted(path)} from {from} to {first - 1} are no longer there"
            : null;
    }

    // The log's number is the second in which it was begun, so that a file made anew never counts behind the one before it.
    private void BeginAnew(long after)
    {
        Execute(
            $"""
            DELETE FROM positions_outbox;
            DELETE FROM sqlite_sequence WHERE name = 'positions_outbox';
            INSERT INTO sqlite_sequence (name, seq) VALUES ('positions_outbox', {after});
            UPDATE positions_outbox_log SET number = max(number + 1, CAST(strftime('%s', 'now') AS INTEGER));
            """);
        WriteSnapshot(after, tellEmpty: true);
    }

    private void WriteSnapshot(long last, bool tellEmpty)
    {
        Execute(OutboxSchema.WriteSnapshot);
        if (tellEmpty && Number("SELECT EXISTS (SELECT 1 FROM positions)") == 0)
        {
            Execute(OutboxSchema.WriteTruncate);
        }

        Execute($"UPDATE positions_outbox_log SET starts_at = {last + 1}");
    }

    /// <returns>True when one was missing. An outdated one is replaced, but has not missed anything.</returns>
    private bool MakeTriggers()
    {
        var isMissing = false;
        foreach (var (name, text) in OutboxSchema.Triggers)
        {
            using var command = Command("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $name");
            command.Parameters.AddWithValue("$name", name);
            var found = command.ExecuteScalar() as string;
            if (found != text)
            {
                isMissing |= found is null;
                Execute($"DROP TRIGGER IF EXISTS {name}; {text};");
            }
        }

        return isMissing;
    }

    private void RequireColumns()
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        using var command = Command("SELECT name FROM pragma_table_info('positions')");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        var missing = OutboxSchema.Columns.Where(column => !found.Contains(column)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException(
                $"The table positions in '{path}' has no column {string.Join(", ", missing)}; add what is missing, or name another file with {EmbeddedOutboxOptions.Section}:{nameof(EmbeddedOutboxOptions.Path)}.");
        }
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private long Number(string sql)
    {
        using var command = Command(sql);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private SqliteCommand Command(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}

/// <summary>Where reading begins.</summary>
/// <param name="Lost">What is no longer there of what was asked for; a snapshot follows. Null: nothing.</param>
internal readonly record struct OutboxStart(long Next, string? Lost);
