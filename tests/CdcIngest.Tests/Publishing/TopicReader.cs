using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;

namespace RiskMonitor.CdcIngest.Tests.Publishing;

/// <summary>What a consumer of the topic sees, message by message, with repeats.</summary>
internal sealed record SeenMessage(string Key, string Type, long Sequence, int Part, JsonNode Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Id => Headers["ce_id"];

    public static IReadOnlyList<SeenMessage> Read(MockKafka broker, string topic, int partitions) => [.. broker.Read(topic, partitions).Select(Of)];

    /// <summary>The messages as a consumer keeps them that passes over what it has seen: those that do not follow the last of their key.</summary>
    public static IReadOnlyList<SeenMessage> WithoutRepeats(IEnumerable<SeenMessage> messages)
    {
        var last = new Dictionary<string, (long, int)>(StringComparer.Ordinal);
        var kept = new List<SeenMessage>();
        foreach (var message in messages)
        {
            var place = (message.Sequence, message.Part);
            if (!last.TryGetValue(message.Key, out var before) || place.CompareTo(before) > 0)
            {
                last[message.Key] = place;
                kept.Add(message);
            }
        }

        return kept;
    }

    private static SeenMessage Of(ConsumeResult<byte[]?, byte[]?> read)
    {
        var headers = read.Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));
        var body = JsonNode.Parse(read.Message.Value)!;
        return new SeenMessage(Encoding.UTF8.GetString(read.Message.Key!), headers["ce_type"], (long)body["sequence"]!, (int)body["part"]!, body, headers);
    }
}
