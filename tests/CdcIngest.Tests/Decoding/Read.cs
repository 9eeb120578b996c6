using System.Text;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

/// <summary>Short ways to have a message read.</summary>
internal static class Read
{
    public const string Key = """{"position_id":"P1"}""";

    public static DecodedMessage Message(string? value, string key = Key, string topic = "positions_cdc", DebeziumOptions? options = null) =>
        Bytes(value is null ? null : Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(key), topic, options);

    public static DecodedMessage Bytes(byte[]? value, byte[] key, string topic = "positions_cdc", DebeziumOptions? options = null) =>
        new DebeziumDecoder(options ?? new DebeziumOptions()).Decode(new FeedMessage(new Delivery(topic, 0, 7), key, value, value is not null));

    public static DecodedMessage.Row Row(string value, string key = Key, DebeziumOptions? options = null) =>
        Assert.IsType<DecodedMessage.Row>(Message(value, key, options: options));

    public static DecodedMessage.Unreadable Unreadable(string? value, string key = Key, DebeziumOptions? options = null) =>
        Assert.IsType<DecodedMessage.Unreadable>(Message(value, key, options: options));

    /// <summary>A flattened row whose columns can be replaced, by JSON, or removed.</summary>
    public static string Flat(params (string Column, string? Json)[] changes)
    {
        var columns = new Dictionary<string, string?>
        {
            ["position_id"] = "\"P1\"",
            ["trader_id"] = "\"t1\"",
            ["desk"] = "\"Rates\"",
            ["security_id"] = "\"ESZ6\"",
            ["quantity"] = "\"10.0000\"",
            ["delta"] = "\"-5.2500\"",
            ["entry_date"] = "20454",
            ["currency"] = "\"USD\"",
            ["updated_at"] = "\"2026-11-22T04:51:26Z\"",
        };
        foreach (var (column, json) in changes)
        {
            columns[column] = json;
        }

        return "{" + string.Join(",", columns.Where(column => column.Value is not null).Select(column => $"\"{column.Key}\":{column.Value}")) + "}";
    }

    public static string Envelope(string op, string before, string after, string source = "{}") =>
        $$"""{"before":{{before}},"after":{{after}},"source":{{source}},"op":"{{op}}","ts_ms":1795323103515}""";
}
