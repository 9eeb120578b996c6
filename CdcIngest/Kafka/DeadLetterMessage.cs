using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// A message that cannot be read, as it goes to the dead-letter topic. A topic that refuses it for what it is (too long, no key) would refuse it for ever, and
/// everything behind it in its partition would wait: so it is sent with less of it. All of it is in the table of dead letters.
/// </summary>
internal static class DeadLetterMessage
{
    /// <summary>How much can be left out.</summary>
    public const int Most = 2;

    /// <param name="leftOut">0: nothing is left out; 1: its value and its own headers; 2: its key, too.</param>
    public static Message<byte[]?, byte[]?> Of(in FeedMessage message, string reason, int leftOut)
    {
        var headers = new Headers();
        foreach (var (name, value) in leftOut == 0 ? message.Headers ?? [] : [])
        {
            headers.Add(name, value);
        }

        headers.Add("reason", Encoding.UTF8.GetBytes(reason));
        headers.Add("source_topic", Encoding.UTF8.GetBytes(message.Delivery.Topic));
        headers.Add("source_partition", Number(message.Delivery.Partition));
        headers.Add("source_offset", Number(message.Delivery.Offset));
        if (leftOut > 0)
        {
            headers.Add("value_left_out", "true"u8.ToArray());
            headers.Add("value_bytes", Number(message.Value.Length));
            headers.Add("value_sha256", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(message.Value.Span))));
        }

        return new Message<byte[]?, byte[]?>
        {
            Key = leftOut > 1 ? Encoding.UTF8.GetBytes(message.Delivery.ToString()) : message.Key.IsEmpty ? null : message.Key.ToArray(),
            Value = leftOut == 0 && message.HasValue ? message.Value.ToArray() : null,
            Headers = headers,
        };
    }

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
