using RiskMonitor.Risk.Texts;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>Puts outbox and triggers in place, and decides where reading goes on.</summary>
internal sealed partial class OutboxDatabase
{
    /// <summary>
    /// Desks may have applied more than the stored offset says, by as much as the ingest lets be outstanding. A new log begins beyond what any of
    /// them can have seen, or they would take its first entries for ones that they have.
    /// </summary>
    private const long NeverReached = 1_000_000;

    /// <summary>Finds out whether <see cref="Prepare"/> has something to write; reads only, so that no client's write can meet a lock.</summary>
    /// <param name="waitsFor">Why the table cannot be read now; null when it can.</param>
    public bool NeedsPreparation(long? from, out string? waitsFor)
    {
        Table = Find(out waitsFor);
        if (Table is not { } table)
        {
            return OutboxTriggers.Names.Any(name => TextOf(name) is not null);
        }

        return from == 0 || !IsComplete(table) || (from is not null && connection.Number("SELECT is_read FROM positions_outbox_log") == 0) || (from > 0 && WhatIsLost(from.Value) is not null);
    }

    /// <summary>Makes what is missing, and finds where a reader that wants to go on at <paramref name="from"/> has to begin.</summary>
    /// <param name="from">0: from the beginning; null: no reader yet.</param>
    /// <param name="mayMakeTable">At a start: makes <c>positions</c> where it is missing. Later a client may be about to make it, and would fail.</param>
    /// <exception cref="UnusableTableException">At a start, of a table that cannot be used.</exception>
    public OutboxStart Prepare(long? from, bool mayMakeTable)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        string? waitsFor = null;
        Table = mayMakeTable ? FindOrMake() : Find(out waitsFor);
        if (Table is null)
        {
            // Those that a client has taken along with a renamed table would go on telling of it.
            connection.Execute(string.Concat(OutboxTriggers.Names.Select(name => $"DROP TRIGGER IF EXISTS {name};")));
            transaction.Commit();
            return new OutboxStart(from ?? 0, null, waitsFor);
        }

        var sql = new OutboxSql(Table);
        var isComplete = MakeOutbox(sql, out var isNew);
        var missedChanges = (MakeTriggers() | !isComplete) && !isNew;
        var last = connection.Number($"SELECT {OutboxSchema.LastId}");
        var first = connection.Number($"SELECT coalesce(min(id), {last + 1}) FROM positions_outbox");
        var lost = from > 0 ? WhatIsLost(from.Value) : null;
        if (lost is not null)
        {
            BeginAnew(sql, after: Math.Max(last, from!.Value - 1) + NeverReached);
        }
        else if (missedChanges && from != 0)
        {
            lost = from is null ? null : "the triggers on positions had gone, and changes may have been missed";
            WriteSnapshot(sql, last, tellEmpty: true);
        }
        else if (isNew || missedChanges || (from == 0 && first > connection.Number("SELECT starts_at FROM positions_outbox_log")))
        {
            WriteSnapshot(sql, last, tellEmpty: false);
        }

        var next = from > 0 ? from.Value : connection.Number("SELECT starts_at FROM positions_outbox_log");
        if (from is not null)
        {
            connection.Execute("UPDATE positions_outbox_log SET is_read = 1 WHERE is_read = 0");
        }

        transaction.Commit();
        return new OutboxStart(next, lost, null);
    }

    private OutboxTable? Find(out string? waitsFor)
    {
        waitsFor = null;
        try
        {
            if (new OutboxTableReader(connection, path).Read() is { } table)
            {
                return table;
            }

            waitsFor = $"there is no table positions in '{path}'; the host makes one only when it starts";
        }
        catch (UnusableTableException e)
        {
            waitsFor = e.Message;
        }

        return null;
    }

    private OutboxTable FindOrMake()
    {
        var reader = new OutboxTableReader(connection, path);
        if (reader.Read() is { } table)
        {
            return table;
        }

        connection.Execute(OutboxSchema.Positions);
        return reader.Read()!;
    }

    private bool IsComplete(OutboxTable table)
    {
        var sql = new OutboxSql(table);
        return TextOf("positions_outbox_log") is not null
            && TextOf("positions_outbox") == OutboxSchema.Outbox
            && IsShadowComplete(sql)
            && (table.IsIdIndexed || TextOf("positions_outbox_by_id", "positions") is not null)
            && new OutboxTriggers(table).ByName.All(trigger => TextOf(trigger.Key, "positions") == trigger.Value);
    }

    private bool IsShadowComplete(OutboxSql sql) =>
        TextOf("positions_shadow") == sql.Shadow && sql.ShadowIndexes.All(index => TextOf(index.Split(' ')[2], "positions_shadow") == index);

    /// <returns>False when something of it was missing or of another version, so that changes may be missing from the outbox.</returns>
    /// <param name="isNew">The file has had no outbox before.</param>
    private bool MakeOutbox(OutboxSql sql, out bool isNew)
    {
        connection.Execute(OutboxSchema.Log);
        isNew = connection.Number("INSERT OR IGNORE INTO positions_outbox_log VALUES (1, CAST(strftime('%s', 'now') AS INTEGER), 1, 0); SELECT changes()") == 1;
        var isComplete = true;
        var outbox = TextOf("positions_outbox");
        if (outbox != OutboxSchema.Outbox)
        {
            // Ids go on where the old ones ended, or a reader would take new entries for ones that it has.
            var last = outbox is null ? 0 : connection.Number($"SELECT {OutboxSchema.LastId}");
            connection.Execute($"DROP TABLE IF EXISTS positions_outbox; {OutboxSchema.Outbox}; INSERT INTO sqlite_sequence (name, seq) VALUES ('positions_outbox', {last})");
            isComplete = false;
        }

        if (!Table!.IsIdIndexed)
        {
            connection.Execute(OutboxSchema.IdIndex);
        }

        if (!IsShadowComplete(sql))
        {
            // Keep the rows that were emitted, so that the next comparison finds those that were not.
            var wasTold = TextOf("positions_shadow")?.Contains(OutboxSchema.Columns + ", copies", StringComparison.Ordinal) == true;
            connection.Execute("DROP TABLE IF EXISTS temp.told; CREATE TEMP TABLE told AS SELECT " + (wasTold ? $"{OutboxSchema.Columns}, copies FROM positions_shadow" : "1 AS empty"));
            connection.Execute($"DROP TABLE IF EXISTS positions_shadow; {sql.Shadow}; {string.Join("; ", sql.ShadowIndexes)}");
            connection.Execute((wasTold ? $"INSERT INTO positions_shadow ({OutboxSchema.Columns}, copies) SELECT * FROM told" : "SELECT 1") + "; DROP TABLE told");
            isComplete &= wasTold;
        }

        return isComplete;
    }

    /// <returns>True when one was missing. An outdated one is replaced, but has not missed anything.</returns>
    private bool MakeTriggers()
    {
        var isMissing = false;
        foreach (var (name, text) in new OutboxTriggers(Table!).ByName)
        {
            // One that a client has taken along with a renamed table is missing on this one.
            var found = TextOf(name, "positions");
            if (found != text)
            {
                isMissing |= found is null;
                connection.Execute($"DROP TRIGGER IF EXISTS {name}; {text};");
            }
        }

        return isMissing;
    }

    private string? WhatIsLost(long from)
    {
        if (connection.Number("SELECT is_read FROM positions_outbox_log") == 0)
        {
            return $"{VisibleText.Quoted(path)} was made anew: nobody has read it, but reading was to go on at {from}";
        }

        var last = connection.Number($"SELECT {OutboxSchema.LastId}");
        var first = connection.Number($"SELECT coalesce(min(id), {last + 1}) FROM positions_outbox");
        return from > last + 1 ? $"{VisibleText.Quoted(path)} was made anew or restored: its changes end at {last}, but reading was to go on at {from}"
            : from < first ? $"the changes of {VisibleText.Quoted(path)} from {from} to {first - 1} are no longer there"
            : null;
    }

    // The log's number is the second in which it was begun, so that a re-created file always sorts after the one before it.
    private void BeginAnew(OutboxSql sql, long after)
    {
        connection.Execute(
            $"""
            DELETE FROM positions_outbox;
            DELETE FROM sqlite_sequence WHERE name = 'positions_outbox';
            INSERT INTO sqlite_sequence (name, seq) VALUES ('positions_outbox', {after});
            UPDATE positions_outbox_log SET number = max(number + 1, CAST(strftime('%s', 'now') AS INTEGER));
            """);
        WriteSnapshot(sql, after, tellEmpty: true);
    }

    private void WriteSnapshot(OutboxSql sql, long last, bool tellEmpty)
    {
        connection.Execute(sql.WriteSnapshot);
        connection.Execute(sql.FillShadow);
        if (tellEmpty && connection.Number("SELECT EXISTS (SELECT 1 FROM positions)") == 0)
        {
            connection.Execute(OutboxSql.WriteTruncate);
        }

        connection.Execute($"UPDATE positions_outbox_log SET starts_at = {last + 1}");
    }
}

/// <summary>Where reading begins.</summary>
/// <param name="Lost">What is no longer there of what was asked for; a snapshot follows. Null: nothing.</param>
/// <param name="WaitsFor">Why the table cannot be read now; null when it can.</param>
internal readonly record struct OutboxStart(long Next, string? Lost, string? WaitsFor);
