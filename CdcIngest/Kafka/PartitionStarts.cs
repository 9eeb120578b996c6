using System.Globalization;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Decides where to read a partition on, and what that says of messages that were lost.</summary>
internal static class PartitionStarts
{
    /// <param name="stored">What the previous owner stored; null when the partition has no checkpoint yet.</param>
    /// <param name="topic">The topic that is about to be read.</param>
    /// <param name="first">The first offset that the partition has.</param>
    /// <param name="end">The offset after the last.</param>
    public static PartitionStart Find(FeedPartition partition, PartitionCheckpoint? stored, TopicIdentity topic, long first, long end)
    {
        if (stored is null)
        {
            return new PartitionStart(first, first > 0 ? Text($"{partition} begins at offset {first}: what it held before has expired, and was never read") : null, IsAnew: false);
        }

        var next = stored.Progress.NextOffset;
        if (stored.TopicId is { } known && topic.Id is { } id && known != id)
        {
            return new PartitionStart(
                first,
                Text($"the topic of {partition} was deleted and made anew under its name: what it brings is applied, and what the old one still held after offset {next} is lost"),
                IsAnew: true);
        }

        if (next > end)
        {
            return new PartitionStart(
                first,
                Text($"{partition} ends at offset {end}, and was read to {next} before: it was cut off, or the topic was made anew. It is read from its beginning"),
                IsAnew: true);
        }

        if (next < first)
        {
            return new PartitionStart(first, Text($"{partition} begins at offset {first}, and was read to {next} before: the messages between have expired unread"), IsAnew: false);
        }

        return new PartitionStart(next, stored.TopicPartitions < topic.Partitions ? Added(partition.Topic, stored.TopicPartitions, topic.Partitions) : null, IsAnew: false);
    }

    /// <summary>Keys that moved have old changes in one partition and new ones in another, which other owners may read first.</summary>
    public static string Added(string topic, int before, int now) =>
        Text($"topic {topic} has grown from {before} to {now} partitions: changes of one position may come in two of them, and nothing tells which is newer");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
