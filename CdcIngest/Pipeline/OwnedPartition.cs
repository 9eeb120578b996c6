using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>The one partition that a pipeline owns, where the partitions of a feed have several owners.</summary>
/// <param name="Coordinator">What the owners share.</param>
/// <param name="Checkpoints">Of this partition.</param>
/// <param name="Positions">Of all partitions of the process.</param>
/// <param name="ForwardUnreadable">Sends a message that cannot be read, with the reason, to where operators keep such messages, and ends when it is stored there.
/// It is given a place to say what is wrong while that fails.</param>
internal sealed record OwnedPartition(
    FeedPartition Partition,
    IFeedCoordinatorGrain Coordinator,
    PartitionCheckpointStore Checkpoints,
    SharedPositions Positions,
    Func<FeedMessage, string, Action<string?>, CancellationToken, Task> ForwardUnreadable);
