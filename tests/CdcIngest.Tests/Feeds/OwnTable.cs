using System.Globalization;
using Microsoft.Data.Sqlite;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>A table that its owner made, watched by triggers alone: nothing is compared, unless a test asks for it.</summary>
internal sealed class OwnTable : IDisposable
{
    /// <summary>A plain table as trading systems have it.</summary>
    public const string Plain =
        """
        CREATE TABLE positions (position_id TEXT PRIMARY KEY, trader_id TEXT, desk TEXT, security_id TEXT, quantity NUMERIC, delta, entry_date TEXT,
          currency TEXT, created_at TEXT, updated_at TEXT)
        """;

    private readonly TradingFile _file = new();
    private readonly DebeziumDecoder _decoder = new(new DebeziumOptions());
    private readonly OutboxDatabase _database;

    public OwnTable(string table = Plain)
    {
        _file.Run(table);
        _database = OutboxDatabase.Open(_file.Path, mayMakeFile: false);
        _database.Prepare(from: 0, mayMakeTable: true);
    }

    public string Path => _file.Path;

    public OutboxDatabase Database => _database;

    public void Run(string sql) => _file.Run(sql);

    public SqliteConnection Client() => _file.Client();

    public static string Row(string id, string desk = "Rates", string delta = "10", string trader = "t1", string security = "s1", string how = "INSERT") =>
        $"{how} INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency, created_at, updated_at) "
        + $"VALUES ('{id}', '{trader}', '{desk}', '{security}', 1, {delta}, '2026-05-02', 'USD', '2026-05-02 10:00:00', '2026-05-02 10:00:00');";

    /// <summary>All that was told, in order.</summary>
    public IReadOnlyList<DecodedMessage> Emitted()
    {
        var messages = _database.Read(new FeedPartition("positions_cdc", 0), 0, int.MaxValue);
        return [.. messages.Select(message => _decoder.Decode(message))];
    }

    /// <summary>The rows that were told, as <c>id desk delta</c>; a delete as <c>id gone</c>.</summary>
    public IReadOnlyList<string> Changes() => [.. Emitted().Select(message => message switch
    {
        DecodedMessage.Row { After: { } after } => Text(after.PositionId, after.Desk, after.Delta),
        DecodedMessage.Row row => $"{row.PositionId} gone",
        DecodedMessage.Unreadable unreadable => $"{unreadable.PositionId} unreadable",
        _ => message.ToString()!,
    })];

    /// <summary>What somebody holds who believes all that was told.</summary>
    public IReadOnlyList<string> Held()
    {
        var held = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Emitted().OfType<DecodedMessage.Row>())
        {
            if (row.After is { } after)
            {
                held[row.PositionId] = Text(after.PositionId, after.Desk, after.Delta);
            }
            else
            {
                held.Remove(row.PositionId);
            }
        }

        return [.. held.Values];
    }

    /// <summary>What the table holds.</summary>
    public IReadOnlyList<string> Selected()
    {
        using var client = Client();
        using var command = client.CreateCommand();
        command.CommandText = "SELECT position_id, desk, delta FROM positions ORDER BY position_id COLLATE BINARY";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(Text(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : decimal.Parse(reader.GetString(2), NumberStyles.Float, CultureInfo.InvariantCulture)));
        }

        return rows;
    }

    public void Dispose()
    {
        _database.Dispose();
        _file.Dispose();
    }

    private static string Text(string id, string desk, decimal? delta) =>
        $"{id} {desk} {(delta is { } known ? (known / 1.0000000000m).ToString("0.##########", CultureInfo.InvariantCulture) : "-")}";
}
