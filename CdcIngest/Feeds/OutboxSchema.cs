namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>
/// The tables and triggers in the trading system's file. Any SQLite client from 3.38 on can write <c>positions</c>; the triggers write each row
/// change to <c>positions_outbox</c>, in the client's own transaction, as the envelope that a Debezium connector would send.
/// </summary>
/// <remarks>
/// <para><c>positions_shadow</c> holds each row as it was last told. REPLACE removes rows without firing delete triggers, so that what a row
/// replaced can only be known from there.</para>
/// <para>A conflict clause of the client's statement overrides those in triggers: they only delete and insert what cannot conflict.</para>
/// <para>An update that leaves <c>updated_at</c> alone is told with the current time in it, as MySQL's ON UPDATE CURRENT_TIMESTAMP would; the
/// column itself stays as it is. An update that changes nothing is not told.</para>
/// <para>Times are those of the statement: SQLite has no later one to offer a trigger.</para>
/// </remarks>
internal static class OutboxSchema
{
    private const string Now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
    private const string NowMilliseconds = "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

    /// <summary>The columns that the feed needs.</summary>
    public static readonly IReadOnlyList<string> Columns =
        ["position_id", "trader_id", "desk", "security_id", "quantity", "delta", "entry_date", "currency", "created_at", "updated_at"];

    /// <summary>The table, for files that have none. Decimals are text: a numeric column would turn 18 digits into a float.</summary>
    public static readonly string Positions =
        $"""
        CREATE TABLE IF NOT EXISTS positions (
          position_id TEXT NOT NULL PRIMARY KEY CHECK (trim(position_id) <> '' AND length(position_id) <= 50),
          trader_id   TEXT NOT NULL CHECK (trim(trader_id) <> '' AND length(trader_id) <= 50),
          desk        TEXT NOT NULL CHECK (trim(desk) <> '' AND length(desk) <= 100),
          security_id TEXT NOT NULL CHECK (trim(security_id) <> '' AND length(security_id) <= 100),
          quantity    TEXT NOT NULL CHECK ({IsDecimal("quantity")}),
          delta       TEXT CHECK (delta IS NULL OR ({IsDecimal("delta")})),
          entry_date  TEXT NOT NULL CHECK (entry_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(entry_date) IS entry_date),
          currency    TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
          created_at  TEXT NOT NULL DEFAULT ({Now}) CHECK ({IsTime("created_at")}),
          updated_at  TEXT NOT NULL DEFAULT ({Now}) CHECK ({IsTime("updated_at")})
        );
        """;

    /// <summary>What the outbox itself consists of.</summary>
    public static readonly string Outbox =
        """
        CREATE TABLE IF NOT EXISTS positions_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, value TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS positions_shadow (position_id TEXT NOT NULL PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS positions_outbox_log (
          only INTEGER PRIMARY KEY CHECK (only = 1),
          number INTEGER NOT NULL,
          starts_at INTEGER NOT NULL,
          is_read INTEGER NOT NULL);
        """;

    /// <summary>The triggers by name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Triggers = new Dictionary<string, string>
    {
        ["positions_outbox_insert"] =
            $"""
            CREATE TRIGGER positions_outbox_insert AFTER INSERT ON positions BEGIN
              {Tell("NEW.position_id", "CASE WHEN shadow.row IS NULL THEN 'c' ELSE 'u' END", Row("NEW.", "NEW.updated_at"))};
              {Remember("NEW.position_id", Row("NEW.", "NEW.updated_at"))}
            END
            """,
        ["positions_outbox_update"] =
            $"""
            CREATE TRIGGER positions_outbox_update AFTER UPDATE ON positions
            WHEN ({List("NEW.")}) IS NOT ({List("OLD.")}) BEGIN
              {Tell("OLD.position_id", "'d'", "NULL")} WHERE OLD.position_id IS NOT NEW.position_id;
              DELETE FROM positions_shadow WHERE position_id = OLD.position_id AND OLD.position_id IS NOT NEW.position_id;
              {Tell("NEW.position_id", "CASE WHEN shadow.row IS NULL THEN 'c' ELSE 'u' END", Row("NEW.", UpdatedAt))};
              {Remember("NEW.position_id", Row("NEW.", UpdatedAt))}
            END
            """,
        ["positions_outbox_delete"] =
            $"""
            CREATE TRIGGER positions_outbox_delete AFTER DELETE ON positions BEGIN
              {Tell("OLD.position_id", "'d'", "NULL")};
              DELETE FROM positions_shadow WHERE position_id = OLD.position_id;
            END
            """,
    };

    /// <summary>Writes the whole table to the outbox as a snapshot, and to the shadow.</summary>
    public static readonly string WriteSnapshot =
        $"""
        INSERT INTO positions_outbox (key, value)
        SELECT {Key("position_id")},
               {Envelope("NULL", Row("", "updated_at"), "CASE place WHEN count THEN 'last' WHEN 1 THEN 'first' ELSE 'true' END", "through", "'r'")}
        FROM (SELECT *, row_number() OVER (ORDER BY position_id) AS place, count(*) OVER () AS count FROM positions),
             (SELECT id - 1 AS through FROM ({NextId}))
        ORDER BY place;
        DELETE FROM positions_shadow;
        INSERT INTO positions_shadow (position_id, row) SELECT position_id, {Row("", "updated_at")} FROM positions;
        """;

    /// <summary>Tells that the table is empty: a snapshot of nothing has no rows to say so.</summary>
    public static readonly string WriteTruncate =
        $"""
        INSERT INTO positions_outbox (key, value)
        SELECT NULL, {Envelope("NULL", "NULL", "'false'", "id", "'t'")} FROM ({NextId});
        """;

    private const string UpdatedAt = $"CASE WHEN NEW.updated_at IS OLD.updated_at THEN {Now} ELSE NEW.updated_at END";

    // Both are needed: SQLite writes sqlite_sequence only when a statement ends, and the newest entries may have been removed.
    private const string NextId =
        "SELECT max(coalesce((SELECT max(id) FROM positions_outbox), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'positions_outbox'), 0)) + 1 AS id";

    private static string Tell(string positionId, string op, string after) =>
        $"""
        INSERT INTO positions_outbox (id, key, value)
          SELECT next.id, {Key(positionId)}, {Envelope("json(shadow.row)", after, "'false'", "next.id", op)}
          FROM ({NextId}) AS next LEFT JOIN positions_shadow AS shadow ON shadow.position_id = {positionId}
        """;

    private static string Remember(string positionId, string row) =>
        $"""
        DELETE FROM positions_shadow WHERE position_id = {positionId};
          INSERT INTO positions_shadow (position_id, row) VALUES ({positionId}, {row});
        """;

    private static string Key(string positionId) => $"json_object('position_id', {positionId})";

    private static string Envelope(string before, string after, string snapshot, string offset, string op) =>
        $"""
        json_object('before', {before}, 'after', {after},
                  'source', json_object('connector', 'outbox', 'ts_ms', {NowMilliseconds}, 'snapshot', {snapshot}, 'table', 'positions',
                    'file', (SELECT 'outbox.' || number FROM positions_outbox_log), 'pos', {offset}, 'row', 0),
                  'op', {op}, 'ts_ms', {NowMilliseconds})
        """;

    private static string Row(string of, string updatedAt) =>
        $"""
        json_object('position_id', {of}position_id, 'trader_id', {of}trader_id, 'desk', {of}desk, 'security_id', {of}security_id,
                  'quantity', {Decimal(of + "quantity")}, 'delta', {Decimal(of + "delta")}, 'entry_date', {of}entry_date,
                  'currency', {of}currency, 'created_at', {of}created_at, 'updated_at', {updatedAt})
        """;

    // Digits alone could be taken for the base64 of another decimal form: a point makes them a number.
    private static string Decimal(string column) =>
        $"CASE WHEN CAST({column} AS TEXT) GLOB '*[^0-9]*' THEN CAST({column} AS TEXT) ELSE CAST({column} AS TEXT) || '.0' END";

    private static string List(string of) => string.Join(", ", Columns.Select(column => of + column));

    // What these characters leave to be valid JSON is a number.
    private static string IsDecimal(string column) =>
        $"typeof({column}) = 'text' AND {column} NOT GLOB '*[^0-9.eE+-]*' AND json_valid({column}) AND length({column}) <= 29 "
        + $"AND abs({column}) < 1e18 AND ({column} GLOB '*.*' OR {column} NOT GLOB '*[eE]*')";

    private static string IsTime(string column) => $"julianday({column}) IS NOT NULL AND {column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'";
}
