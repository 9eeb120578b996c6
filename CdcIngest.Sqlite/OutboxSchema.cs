namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// The tables in the trading system's file: <c>positions</c> for a file that has none, and what belongs to the outbox. <see cref="OutboxTriggers"/>
/// fill it.
/// </summary>
/// <remarks>
/// The columns have no types and no constraints: whatever the owner's table holds is stored here as it is, so that nothing can fail in the
/// owner's statement. The reader finds out what it means.
/// </remarks>
internal static class OutboxSchema
{
    private const string Now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

    /// <summary>The place of the next entry. SQLite writes sqlite_sequence only when a statement ends, and the newest entries may have been removed.</summary>
    public const string LastId =
        "max(coalesce((SELECT max(id) FROM positions_outbox), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'positions_outbox'), 0))";

    /// <summary>The columns of <c>positions</c>, as both tables hold them.</summary>
    public static readonly string Columns = string.Join(", ", OutboxColumn.All.Select(column => column.Name));

    /// <summary>
    /// The table, for files that have none. Amounts have no declared type: a text stays the text that was written, and a number the number; any
    /// type would turn one into the other, and lose digits.
    /// </summary>
    public static readonly string Positions =
        $"""
        CREATE TABLE IF NOT EXISTS positions (
          position_id TEXT NOT NULL PRIMARY KEY CHECK (trim(position_id) <> '' AND length(position_id) <= 50),
          trader_id   TEXT NOT NULL CHECK (trim(trader_id) <> '' AND length(trader_id) <= 50),
          desk        TEXT NOT NULL CHECK (trim(desk) <> '' AND length(desk) <= 100),
          security_id TEXT NOT NULL CHECK (trim(security_id) <> '' AND length(security_id) <= 100),
          quantity    NOT NULL CHECK ({IsAmount("quantity")}),
          delta       CHECK (delta IS NULL OR {IsAmount("delta")}),
          entry_date  TEXT NOT NULL CHECK (entry_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(entry_date) IS entry_date),
          currency    TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
          created_at  TEXT NOT NULL DEFAULT ({Now}) CHECK ({IsTime("created_at")}),
          updated_at  TEXT NOT NULL DEFAULT ({Now}) CHECK ({IsTime("updated_at")})
        );
        """;

    /// <summary>The row as it was last emitted, and where it was before. <c>mark</c> and <c>pos</c> are those of a snapshot's rows.</summary>
    public static readonly string Outbox =
        $"CREATE TABLE positions_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, at, op, mark, pos, copies, {Columns}, was_desk)";

    /// <summary>The state of the log of changes: its number, its first place, and whether anybody has read it.</summary>
    public const string Log =
        """
        CREATE TABLE IF NOT EXISTS positions_outbox_log (
          only INTEGER PRIMARY KEY CHECK (only = 1),
          number INTEGER NOT NULL,
          starts_at INTEGER NOT NULL,
          is_read INTEGER NOT NULL)
        """;

    /// <summary>An index for a table that has none by position_id.</summary>
    public const string IdIndex = "CREATE INDEX IF NOT EXISTS positions_outbox_by_id ON positions (position_id)";

    // What these characters leave to be valid JSON is a number.
    private static string IsAmount(string column) =>
        $"((typeof({column}) IN ('integer', 'real') AND {column} > -1e18 AND {column} < 1e18) OR (typeof({column}) = 'text' "
        + $"AND {column} NOT GLOB '*[^0-9.eE+-]*' AND json_valid({column}) AND length({column}) <= 29 "
        + $"AND abs({column}) < 1e18 AND ({column} GLOB '*.*' OR {column} NOT GLOB '*[eE]*')))";

    private static string IsTime(string column) => $"julianday({column}) IS NOT NULL AND {column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'";
}
