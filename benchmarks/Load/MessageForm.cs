using System.Globalization;
using System.Numerics;
using System.Text;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A form in which a Debezium connector sends changes, field by field as captured from MariaDB connectors.</summary>
/// <param name="Wrapped">In <c>{schema, payload}</c>, the schema as captured.</param>
/// <param name="Precise">Decimals in base64 bytes; otherwise in strings.</param>
internal sealed record MessageForm(string Name, bool IsEnvelope, bool HasMetadata, bool Precise, bool Wrapped = false)
{
    private const long CommittedMilliseconds = 1_793_606_400_000;

    public static readonly MessageForm Envelope = new("envelope, decimals as strings", IsEnvelope: true, HasMetadata: true, Precise: false);

    public static IReadOnlyList<MessageForm> All { get; } =
    [
        Envelope,
        new("envelope, decimals as bytes", IsEnvelope: true, HasMetadata: true, Precise: true),
        new("envelope with schema, decimals as bytes", IsEnvelope: true, HasMetadata: true, Precise: true, Wrapped: true),
        new("flattened with added fields, decimals as strings", IsEnvelope: false, HasMetadata: true, Precise: false),
        new("flattened and nothing added, decimals as strings", IsEnvelope: false, HasMetadata: false, Precise: false),
    ];

    /// <summary>The rows as messages, spread over partitions by position.</summary>
    public IReadOnlyList<FeedMessage> Messages(IEnumerable<Position> rows, int partitions = 1)
    {
        var opening = Wrapped ? CapturedSchema.Opening() : "";
        var next = new long[partitions];
        var messages = new List<FeedMessage>();
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var position in rows)
        {
            var row = Row(position);
            var payload = IsEnvelope ? EnvelopeOf(before.GetValueOrDefault(position.PositionId, "null"), row, messages.Count) : Flattened(row, messages.Count);
            before[position.PositionId] = row;
            var partition = messages.Count % partitions;
            if (partitions > 1)
            {
                partition = (int)(StableHash(position.PositionId) % (uint)partitions);
            }

            messages.Add(new FeedMessage(
                new Delivery(Trading.Feed, partition, next[partition]++),
                Encoding.UTF8.GetBytes($$"""{"position_id":"{{position.PositionId}}"}"""),
                Encoding.UTF8.GetBytes(Wrapped ? $"{opening}{payload}}}" : payload),
                HasValue: true));
        }

        return messages;
    }

    /// <summary>One change as the connector would send it.</summary>
    /// <param name="before">Null where the position was opened.</param>
    /// <param name="after">Null where it was closed.</param>
    public string Payload(Position? before, Position? after, int number, long committedMilliseconds = CommittedMilliseconds) =>
        EnvelopeOf(before is null ? "null" : Row(before), after is null ? "null" : Row(after), number, committedMilliseconds);

    private static string EnvelopeOf(string before, string after, int number, long committedMilliseconds = CommittedMilliseconds) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"before":{{{before}}},"after":{{{after}}},"source":{"version":"3.2.0.Final","connector":"mariadb","name":"trading","ts_ms":{{{committedMilliseconds}}},"snapshot":"false","db":"trading","sequence":null,"ts_us":{{{committedMilliseconds}}}000,"ts_ns":{{{committedMilliseconds}}}000000,"table":"positions","server_id":7,"gtid":"0-7-{{{number}}}","file":"binlog.000001","pos":{{{number * 100L}}},"row":0,"thread":null,"query":null},"transaction":null,"op":"{{{(before == "null" ? "c" : after == "null" ? "d" : "u")}}}","ts_ms":{{{committedMilliseconds + 308}}},"ts_us":{{{committedMilliseconds + 308}}}539,"ts_ns":{{{committedMilliseconds + 308}}}539265}""");

    private string Flattened(string row, int number) => !HasMetadata ? row : string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{{{row[..^1]}}},"__deleted":"false","__op":"u","__source_ts_ms":{{{CommittedMilliseconds}}},"__source_file":"binlog.000001","__source_pos":{{{number * 100L}}},"__source_snapshot":null}""");

    private string Row(Position row) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"position_id":"{{{row.PositionId}}}","trader_id":"{{{row.TraderId}}}","desk":"{{{row.Desk}}}","security_id":"{{{row.SecurityId}}}","quantity":"{{{Decimal(row.Quantity)}}}","delta":"{{{Decimal(row.Delta!.Value)}}}","entry_date":{{{row.EntryDate.DayNumber - new DateOnly(1970, 1, 1).DayNumber}}},"currency":"{{{row.Currency}}}","created_at":"2026-05-02T04:51:43Z","updated_at":"{{{row.UpdatedAt:yyyy-MM-dd'T'HH:mm:ss}}}Z"}""");

    private string Decimal(decimal value) => Precise
        ? Convert.ToBase64String(new BigInteger(value * 10_000m).ToByteArray(isUnsigned: false, isBigEndian: true))
        : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>FNV-1a: a string's own hash differs from run to run.</summary>
    /// <summary>The same for the same text, in every process.</summary>
    public static uint StableHash(string text) => text.Aggregate(2_166_136_261u, (hash, c) => (hash ^ c) * 16_777_619u);
}
