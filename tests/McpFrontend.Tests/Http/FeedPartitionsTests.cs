using RiskMonitor.Grains.Interfaces;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.McpFrontend.Tests.Http;

/// <summary>Operators see how far each partition of the feed is.</summary>
public sealed class FeedPartitionsTests
{
    [Fact]
    public async Task The_lag_is_what_lies_between_the_offsets_and_null_where_one_is_not_known()
    {
        var at = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
        var registry = new Registry();
        var (op, viewer) = (registry.Add("op", Role.Operator, Clearance.Desk), registry.Add("viv"));
        var book = new Book
        {
            Partitions =
            [
                new PartitionStatus(new FeedPartition("trades", 0), PartitionState.Behind, 90, 100, at, 3, at.AddSeconds(-9), null),
                new PartitionStatus(new FeedPartition("trades", 1), PartitionState.Unowned, null, null, null, 0, null, null),
                // The end was asked before the last messages were read.
                new PartitionStatus(new FeedPartition("trades", 2), PartitionState.Live, 12, 11, at, 0, null, null),
            ],
        };
        await using var frontend = await Frontend.StartAsync(book, registry);

        var (_, answer) = await frontend.AsAsync(op, "/api/v1/feed");

        var partitions = answer["partitions"]!.AsArray();
        Assert.Equal([10, null, 0], partitions.Select(partition => (long?)partition!["lag"]));
        Assert.Equal(["behind", "unowned", "live"], partitions.Select(partition => (string?)partition!["state"]));
        Assert.Equal(("trades", 0, 3), ((string?)partitions[0]!["topic"], (int)partitions[0]!["partition"]!, (int)partitions[0]!["waiting"]!));
        Assert.Equal(403, (await frontend.AsAsync(viewer, "/api/v1/feed")).Status);
    }
}
