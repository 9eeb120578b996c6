using Microsoft.Data.Sqlite;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>A connection to the trading system's file.</summary>
internal sealed partial class OutboxDatabase : IDisposable
{
    private const int PruneAtOnce = 5_000;
    private const int RowsLookedAt = 200;

    private readonly SqliteConnection connection;
    private readonly string path;
    private readonly Utf8StringPool names = new(8192);

    private OutboxDatabase(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <summary>Changes with every commit of another connection.</summary>
    public long DataVersion => connection.Number("PRAGMA data_version");

    /// <summary>Changes with every change of tables and triggers.</summary>
    public long SchemaVersion => connection.Number("PRAGMA schema_version");

    /// <summary>The table as it was when <see cref="Prepare"/> found it; null where it is missing or cannot be used.</summary>
    public OutboxTable? Table { get; private set; }

    /// <summary>Removes a trigger; <see cref="Prepare"/> finds that, makes it again and writes a snapshot.</summary>
    public void DropTrigger() => connection.Execute("DROP TRIGGER IF EXISTS positions_outbox_insert");


    /// <param name="mayMakeFile">Makes the file where there is none.</param>
    public static OutboxDatabase Open(string path, bool mayMakeFile)
    {
        // Unpooled: a pooled connection would hold on to a file that was replaced. The timeout, in seconds, bounds each wait for a lock.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mayMakeFile ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
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

    /// <summary>The entries from an id on, in order; none where there is no outbox.</summary>
    /// <param name="into">Receives them; null: a new list does.</param>
    public List<FeedMessage> Read(FeedPartition partition, long from, int atMost, List<FeedMessage>? into = null)
    {
        var messages = into ?? [];
        if (Table is null && TextOf("positions_outbox") != OutboxSchema.Outbox)
        {
            return messages;
        }

        var log = connection.Number("SELECT number FROM positions_outbox_log");
        var file = OutboxEntry.File(log);
        var values = new OutboxRow(partition, OutboxEntry.Beginning(log), names);
        using var written = new OutboxJson();
        using var command = connection.Command($"SELECT {OutboxEntry.Columns} FROM positions_outbox WHERE id >= $from ORDER BY id LIMIT $atMost", ("$from", from), ("$atMost", atMost));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            messages.Add(values.TryRead(reader.Handle!, out var message) ? message : OutboxEntry.Read(reader.Handle!, partition, file, written));
        }

        return messages;
    }

    /// <summary>
    /// Emits the changes that no trigger emitted: a client can turn triggers off, another trigger can end a statement before ours,
    /// and REPLACE can remove rows by a rule that is not known here.
    /// </summary>
    /// <returns>How many changes were missing.</returns>
    public long EmitDifferences()
    {
        if (Table is null)
        {
            return 0;
        }

        var sql = new OutboxSql(Table);
        if (connection.Number(sql.HasDifferences) == 0)
        {
            return 0;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        var before = connection.Number($"SELECT {OutboxSchema.LastId}");
        connection.Execute(sql.EmitDifferences);
        connection.Execute(sql.FillShadow);
        var told = connection.Number($"SELECT {OutboxSchema.LastId}") - before;
        transaction.Commit();
        return told;
    }

    /// <summary>
    /// Whether several rows have ids that read the same, such as the number 1 and the text '1'. The outbox would emit them under one id, so that
    /// they could not be distinguished. Reads the whole table if its ids may have any type.
    /// </summary>
    public bool HasIdsThatReadAlike() => Table is { IsIdUnique: true, KeepsIdsOfAnyType: true }
        && connection.Number("SELECT EXISTS (SELECT 1 FROM positions GROUP BY CAST(position_id AS TEXT) HAVING count(*) > 1)") == 1;

    /// <summary>What is wrong with a column of which, in the first rows, no value can be read; null when there is none such.</summary>
    public string? UnreadableColumn()
    {
        using var command = connection.Command($"SELECT {OutboxSchema.Columns} FROM positions LIMIT {RowsLookedAt}");
        using var reader = command.ExecuteReader();
        var problems = new string?[OutboxColumn.All.Count];
        var isReadable = new bool[OutboxColumn.All.Count];
        while (reader.Read())
        {
            for (var i = 0; i < problems.Length; i++)
            {
                var problem = OutboxEntry.Problem(OutboxColumn.All[i], OutboxValue.Of(reader.Handle!, i));
                problems[i] ??= problem;
                isReadable[i] |= problem is null;
            }
        }

        for (var i = 0; i < problems.Length; i++)
        {
            var name = OutboxColumn.All[i].Name;
            if (problems[i] is { } problem && !isReadable[i] && name != "created_at")
            {
                return $"The column {name} of positions in '{path}', declared {Table!.DeclaredType(name)}, cannot be used: {problem}";
            }
        }

        return null;
    }

    /// <summary>Removes entries before an id, except the newest; a few at a time, so that no client waits long for the lock.</summary>
    public void Prune(long before, int keepNewest, CancellationToken cancellationToken)
    {
        if (TextOf("positions_outbox") is null)
        {
            return;
        }

        var end = Math.Min(before, connection.Number("SELECT coalesce(max(id), 0) FROM positions_outbox") - keepNewest + 1);
        for (var first = connection.Number("SELECT coalesce(min(id), 0) FROM positions_outbox"); first < end; first += PruneAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            connection.Execute($"DELETE FROM positions_outbox WHERE id < {Math.Min(end, first + PruneAtOnce)}");
        }
    }

    public void Dispose() => connection.Dispose();

    /// <summary>The text by which a table, an index or a trigger was made; null where there is none.</summary>
    private string? TextOf(string name, string on = "") =>
        connection.Text("SELECT sql FROM sqlite_master WHERE name = $name AND ($on = '' OR tbl_name = $on COLLATE NOCASE)", ("$name", name), ("$on", on));
}
