using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.Replay.Tests;

/// <summary>Lines of a replay file, as kcat prints them, in the forms that connectors send.</summary>
internal static class Lines
{
    public const string Topic = "srv.trading.positions";

    private static readonly DateTimeOffset Noon = new(2026, 5, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A line with a payload of its own; null for a tombstone.</summary>
    public static string Line(int partition, long offset, string id, string? payload, string topic = Topic, string? key = null) =>
        JsonSerializer.Serialize(new { topic, partition, offset, key = key ?? $"{{\"position_id\":\"{id}\"}}", payload });

    /// <param name="at">Its place in the source's log; its clock follows, in seconds.</param>
    public static string Envelope(int partition, long offset, string op, string id, string desk, decimal delta, long at, string table = "positions", string topic = Topic, string snapshot = "false", string database = "trading", string server = "srv") =>
        Line(
            partition,
            offset,
            id,
            $$"""{"before":null,"after":{{(op == "d" ? "null" : Row(id, desk, delta))}},"source":{{Source(at, table, snapshot, database, server)}},"op":"{{op}}","ts_ms":1}""",
            topic);

    /// <summary>A flattened row that carries its source position.</summary>
    public static string Placed(int partition, long offset, string id, string desk, decimal delta, long at) =>
        Line(partition, offset, id, $"{Row(id, desk, delta)[..^1]},\"__op\":\"u\",\"__source_file\":\"binlog.000001\",\"__source_pos\":{at},\"__source_ts_ms\":{Clock(at)}}}");

    /// <summary>A flattened row and nothing else.</summary>
    public static string Plain(int partition, long offset, string id, string desk, decimal delta, string topic = Topic) =>
        Line(partition, offset, id, Row(id, desk, delta), topic);

    public static string Row(string id, string desk, decimal delta) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"position_id":"{{id}}","trader_id":"t","desk":"{{desk}}","security_id":"s","quantity":"1.0","delta":"{{delta:0.0}}","entry_date":20454,"currency":"USD"}""");

    private static string Source(long at, string table, string snapshot, string database, string server) =>
        $$"""{"file":"binlog.000001","pos":{{at}},"row":0,"ts_ms":{{Clock(at)}},"snapshot":"{{snapshot}}","name":"{{server}}","db":"{{database}}","table":"{{table}}"}""";

    private static long Clock(long at) => Noon.AddSeconds(at).ToUnixTimeMilliseconds();
}
