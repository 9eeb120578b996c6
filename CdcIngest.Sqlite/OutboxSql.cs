namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>The SQL that depends on how the owner made <c>positions</c>: what is read of a row, and how the table is compared with what was emitted.</summary>
internal sealed class OutboxSql(OutboxTable table)
{
    /// <summary>Longer than anything that can be read; what is longer is cut, so that no copy of it can be too big to be stored.</summary>
    private const int LongestKept = 4_000;

    public const string NowMilliseconds = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

    /// <summary>The table of what was last emitted for each position, with the values under which REPLACE would remove it.</summary>
    public string Shadow => $"CREATE TABLE positions_shadow ({OutboxSchema.Columns}, copies{string.Concat(KeyColumns.Select(name => ", " + name))})";

    /// <summary>Its indexes; none is unique, because nothing may fail there.</summary>
    public IEnumerable<string> ShadowIndexes =>
    [
        "CREATE INDEX positions_shadow_id ON positions_shadow (position_id)",
        .. table.Keys.Select((key, k) =>
            $"CREATE INDEX positions_shadow_k{k} ON positions_shadow ({string.Join(", ", key.Parts.Select((part, i) => $"k{k}_{i} COLLATE \"{part.Collation}\""))})"),
    ];

    /// <summary>All columns of the shadow.</summary>
    public string ShadowColumns => $"{OutboxSchema.Columns}, copies{string.Concat(KeyColumns.Select(name => ", " + name))}";

    /// <summary>The columns that make a change, as a list of values of a row.</summary>
    public static string ComparedColumns(string of) => $"({string.Join(", ", OutboxColumn.All.Skip(1).Select(column => of + column.Name))}, {of}copies)";

    private IEnumerable<string> KeyColumns => table.Keys.SelectMany((key, k) => key.Parts.Select((_, i) => $"k{k}_{i}"));

    /// <summary>
    /// The rows as the shadow holds them, one for each position_id. Of an id that several rows have only their number can be said.
    /// </summary>
    /// <param name="where">Which rows, from WHERE on; empty for all.</param>
    public string Rows(string where)
    {
        var columns = OutboxColumn.All.Skip(1).Select(column => $"{Single(Kept(column.Name))} AS {column.Name}");
        var keys = table.Keys.SelectMany((key, k) => key.Parts.Select((part, i) => $"{Single(part.Expression)} AS k{k}_{i}"));
        return $"(SELECT position_id, {string.Join(", ", columns)}, {(table.IsIdUnique ? "NULL" : "count(*)")} AS copies{string.Concat(keys.Select(key => ", " + key))} "
            + $"FROM positions {where}{(table.IsIdUnique ? "" : " GROUP BY position_id COLLATE BINARY")})";
    }

    /// <summary>Whether a row has the id; ids compare byte by byte, whatever the owner's collation.</summary>
    public static string HasId(string id) => $"position_id = {id} AND position_id IS {id} COLLATE BINARY";

    /// <summary>Writes the whole table to the outbox as a snapshot.</summary>
    public string WriteSnapshot =>
        $"""
        INSERT INTO positions_outbox (at, op, mark, pos, copies, {OutboxSchema.Columns})
        SELECT {NowMilliseconds}, 'r', CASE place WHEN total THEN 'last' WHEN 1 THEN 'first' ELSE 'true' END, through, copies, {OutboxSchema.Columns}
        FROM (SELECT *, row_number() OVER (ORDER BY position_id COLLATE BINARY) AS place, count(*) OVER () AS total FROM {Rows("")}),
             (SELECT {OutboxSchema.LastId} AS through)
        ORDER BY place;
        """;

    /// <summary>Emits that the table is empty, because a snapshot of nothing has no rows.</summary>
    public const string WriteTruncate = $"INSERT INTO positions_outbox (at, op) VALUES ({NowMilliseconds}, 't')";

    /// <summary>Records the whole table as emitted.</summary>
    public string FillShadow =>
        $"DELETE FROM positions_shadow; INSERT INTO positions_shadow ({ShadowColumns}) SELECT {ShadowColumns} FROM {Rows("")} WHERE position_id IS NOT NULL;";

    /// <summary>1 where the shadow is not what the table holds.</summary>
    public string HasDifferences =>
        $"""
        SELECT EXISTS (SELECT 1 FROM {Rows("")} AS r LEFT JOIN positions_shadow AS s ON s.position_id = +r.position_id
          WHERE r.position_id IS NOT NULL AND (s.position_id IS NULL OR ({Of("s.")}) IS NOT ({Of("r.")})))
        OR EXISTS (SELECT position_id FROM positions_shadow EXCEPT SELECT position_id FROM positions)
        """;

    /// <summary>Emits, as changes, what the table holds and the shadow does not.</summary>
    public string EmitDifferences =>
        $"""
        INSERT INTO positions_outbox (at, op, position_id, was_desk)
        SELECT {NowMilliseconds}, 'd', s.position_id, s.desk FROM positions_shadow AS s
        WHERE s.position_id IN (SELECT position_id FROM positions_shadow EXCEPT SELECT position_id FROM positions);
        INSERT INTO positions_outbox (at, op, copies, {OutboxSchema.Columns}, was_desk)
        SELECT {NowMilliseconds}, CASE WHEN s.position_id IS NULL THEN 'c' ELSE 'u' END, r.copies, {string.Join(", ", OutboxColumn.All.Select(column => "r." + column.Name))}, s.desk
        FROM {Rows("")} AS r LEFT JOIN positions_shadow AS s ON s.position_id = +r.position_id
        WHERE r.position_id IS NOT NULL AND (s.position_id IS NULL OR {ComparedColumns("s.")} IS NOT {ComparedColumns("r.")});
        """;

    private string Of(string of) => string.Join(", ", ShadowColumns.Split(", ").Skip(1).Select(column => of + column));

    private string Single(string expression) => table.IsIdUnique ? expression : $"CASE WHEN count(*) = 1 THEN {expression} END";

    private static string Kept(string column) =>
        $"CASE WHEN length(CAST({column} AS BLOB)) > {LongestKept} THEN substr(CAST({column} AS BLOB), 1, {LongestKept}) ELSE {column} END";
}
