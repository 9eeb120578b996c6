namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// The triggers on the trading system's table. They write what each row change led to into <c>positions_outbox</c>, in the client's own
/// transaction.
/// </summary>
/// <remarks>
/// <para>A trigger learns from OLD and NEW only which positions are concerned. It emits what the table holds for them when the trigger
/// runs: other triggers may have changed or moved the row meanwhile, and SQLite runs triggers in an order that cannot be chosen. What equals the
/// last emitted row, which <c>positions_shadow</c> holds, is not emitted again.</para>
/// <para>REPLACE removes rows without a trigger. It removes what has the same values under a unique constraint, so that the shadow is asked for
/// such rows, and the trigger emits those that are gone.</para>
/// <para>Nothing here can fail: no function that raises, no constraint, no type. A conflict clause of the client's statement overrides those in
/// triggers, so that nothing may conflict either.</para>
/// <para>An update that leaves <c>updated_at</c> alone is emitted with the current time in it, as MySQL's ON UPDATE CURRENT_TIMESTAMP would; the
/// column itself stays as it is. Times are those of the statement: SQLite has no later one to offer a trigger.</para>
/// </remarks>
internal sealed class OutboxTriggers(OutboxTable table)
{
    private const string Now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

    public static readonly IReadOnlyList<string> Names = ["positions_outbox_insert", "positions_outbox_update", "positions_outbox_delete"];

    private readonly OutboxSql _sql = new(table);

    /// <summary>The triggers by name.</summary>
    public IReadOnlyDictionary<string, string> ByName => new Dictionary<string, string>
    {
        ["positions_outbox_insert"] =
            $"""
            CREATE TRIGGER positions_outbox_insert AFTER INSERT ON positions BEGIN
            {EmitDisplaced()}{Emit("NEW.position_id", "r.updated_at")}{EmitWithoutId("NEW.position_id IS NULL", "'c'")}END
            """,
        ["positions_outbox_update"] =
            $"""
            CREATE TRIGGER positions_outbox_update AFTER UPDATE ON positions BEGIN
            {EmitDisplaced()}{EmitOldRow()}{Emit("NEW.position_id", $"CASE WHEN r.updated_at IS s.updated_at THEN {Now} ELSE r.updated_at END")}{EmitWithoutId("NEW.position_id IS NULL OR OLD.position_id IS NULL", "'u'")}END
            """,
        ["positions_outbox_delete"] =
            $"""
            CREATE TRIGGER positions_outbox_delete AFTER DELETE ON positions BEGIN
            {Emit("OLD.position_id", "r.updated_at")}{EmitWithoutId("OLD.position_id IS NULL", "'d'")}END
            """,
    };

    private string Emit(string id, string updatedAt)
    {
        var rows = _sql.Rows($"WHERE {OutboxSql.HasId(id)}");
        var values = OutboxColumn.All.Select(column => column.Name == "updated_at" ? updatedAt : "r." + column.Name);
        return
            $"""
              INSERT INTO positions_outbox (at, op, copies, {OutboxSchema.Columns}, was_desk)
                SELECT {OutboxSql.NowMilliseconds}, CASE WHEN s.position_id IS NULL THEN 'c' ELSE 'u' END, r.copies, {string.Join(", ", values)}, s.desk
                FROM {rows} AS r LEFT JOIN positions_shadow AS s ON s.position_id = +{id}
                WHERE s.position_id IS NULL OR {OutboxSql.ComparedColumns("s.")} IS NOT {OutboxSql.ComparedColumns("r.")};
              INSERT INTO positions_outbox (at, op, position_id, was_desk)
                SELECT {OutboxSql.NowMilliseconds}, 'd', s.position_id, s.desk FROM positions_shadow AS s
                WHERE s.position_id = +{id} AND NOT EXISTS (SELECT 1 FROM positions WHERE {OutboxSql.HasId(id)});
              DELETE FROM positions_shadow WHERE position_id = +{id};
              INSERT INTO positions_shadow ({_sql.ShadowColumns}) SELECT {_sql.ShadowColumns} FROM {rows};

            """;
    }

    /// <summary>The id that an update took away from its row.</summary>
    private string EmitOldRow()
    {
        const string HasLeft = "OLD.position_id IS NOT NEW.position_id COLLATE BINARY";
        if (table.IsIdUnique)
        {
            return
                $"""
                  INSERT INTO positions_outbox (at, op, position_id, was_desk)
                    SELECT {OutboxSql.NowMilliseconds}, 'd', s.position_id, s.desk FROM positions_shadow AS s
                    WHERE s.position_id = +OLD.position_id AND {HasLeft} AND NOT EXISTS (SELECT 1 FROM positions WHERE {OutboxSql.HasId("OLD.position_id")});
                  DELETE FROM positions_shadow WHERE position_id = +OLD.position_id AND {HasLeft} AND NOT EXISTS (SELECT 1 FROM positions WHERE {OutboxSql.HasId("OLD.position_id")});

                """;
        }

        // Of several rows with the id others may be left.
        return Emit("OLD.position_id", "r.updated_at");
    }

    /// <summary>Rows that are gone because they had the same values as this one where that must not be.</summary>
    private string EmitDisplaced()
    {
        if (table.Keys.Count == 0)
        {
            return "";
        }

        // Only columns that stand in a key: the owner could not drop any other that a trigger names.
        var parts = table.Keys.SelectMany(key => key.Parts).Select(part => part.Expression).ToList();
        var columns = table.Columns.Where(column => parts.Exists(part => part == Quote(column.Name) || HasName(part, column.Name))).Select(column => $"NEW.{Quote(column.Name)} AS {Quote(column.Name)}");
        string[] values = [.. columns, .. table.RowId is { } rowId ? [$"NEW.{rowId} AS {rowId}"] : Array.Empty<string>()];
        var row = $"(SELECT {string.Join(", ", values)})";
        var candidates = string.Join(" UNION ALL ", table.Keys.Select((key, k) =>
            $"SELECT d.rowid FROM (SELECT {string.Join(", ", key.Parts.Select((part, i) => $"{part.Expression} AS e{i}"))} FROM {row}) AS n CROSS JOIN positions_shadow AS d "
            + $"WHERE {string.Join(" AND ", key.Parts.Select((part, i) => $"d.k{k}_{i} COLLATE \"{part.Collation}\" = +n.e{i}"))}"));
        var gone = $"rowid IN ({candidates}) AND position_id IS NOT NEW.position_id COLLATE BINARY AND NOT EXISTS (SELECT 1 FROM positions WHERE {OutboxSql.HasId("positions_shadow.position_id")})";
        return
            $"""
              INSERT INTO positions_outbox (at, op, position_id, was_desk)
                SELECT {OutboxSql.NowMilliseconds}, 'd', position_id, desk FROM positions_shadow WHERE {gone};
              DELETE FROM positions_shadow WHERE {gone};

            """;
    }

    /// <summary>A row without an id is a position of which nothing can be said but that there is one.</summary>
    private static string EmitWithoutId(string condition, string op) =>
        $"  INSERT INTO positions_outbox (at, op) SELECT {OutboxSql.NowMilliseconds}, {op} WHERE {condition};\n";

    /// <summary>Whether an expression names a column; a text that only looks so costs nothing but that column.</summary>
    private static bool HasName(string expression, string column)
    {
        for (var at = expression.IndexOf(column, StringComparison.OrdinalIgnoreCase); at >= 0; at = expression.IndexOf(column, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + column.Length;
            if (!(at > 0 && IsOfName(expression[at - 1])) && !(end < expression.Length && IsOfName(expression[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
