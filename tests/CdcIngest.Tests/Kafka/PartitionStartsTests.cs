using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>Where a partition is read on, by what was stored of it and what the broker says. A loss is always said.</summary>
public class PartitionStartsTests
{
    private static readonly FeedPartition Partition = new("t", 2);

    [Theory]
    [InlineData(50, 10, 100, 50, null, false)]
    [InlineData(100, 10, 100, 100, null, false)]
    [InlineData(10, 10, 100, 10, null, false)]
    [InlineData(9, 10, 100, 10, "expired unread", false)]
    [InlineData(101, 10, 100, 10, "ends at offset 100", true)]
    [InlineData(5, 0, 0, 0, "ends at offset 0", true)]
    public void A_stored_offset_outside_of_the_partition_is_a_loss(long stored, long first, long end, long start, string? lost, bool isAnew)
    {
        var found = PartitionStarts.Find(Partition, Stored(stored), new TopicIdentity("id", 4), first, end);

        Assert.Equal((start, isAnew), (found.Offset, found.IsAnew));
        if (lost is null)
        {
            Assert.Null(found.Lost);
        }
        else
        {
            Assert.Contains(lost, found.Lost, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_topic_of_another_identity_is_another_topic_wherever_it_ends()
    {
        var found = PartitionStarts.Find(Partition, Stored(50), new TopicIdentity("other", 4), 0, 1_000);

        Assert.Equal((0, true), (found.Offset, found.IsAnew));
        Assert.Contains("made anew", found.Lost, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_without_identities_of_topics_is_believed() =>
        Assert.Null(PartitionStarts.Find(Partition, Stored(50), new TopicIdentity(null, 4), 0, 1_000).Lost);

    [Fact]
    public void A_topic_that_has_grown_while_nobody_read_it_is_doubtful()
    {
        var found = PartitionStarts.Find(Partition, Stored(50), new TopicIdentity("id", 6), 0, 1_000);

        Assert.Equal((50, false), (found.Offset, found.IsAnew));
        Assert.Contains("from 4 to 6", found.Lost, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(7, true)]
    public void A_partition_that_nobody_has_read_begins_where_it_begins(long first, bool isLost)
    {
        var found = PartitionStarts.Find(Partition, null, new TopicIdentity("id", 4), first, 100);

        Assert.Equal((first, isLost), (found.Offset, found.Lost is not null));
    }

    private static PartitionCheckpoint Stored(long next) => new(new PartitionRecord(Partition, next, null, null, false, true), null, null, [], null, "id", 4);
}
