using Orleans;
using Orleans.Concurrency;
using Orleans.Metadata;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>How far each partition of a feed is, for those who operate it. It is implemented by the feed's grain.</summary>
[Alias("RiskMonitor.IFeedPartitionsGrain")]
[DefaultGrainType("feed")]
public interface IFeedPartitionsGrain : IGrainWithStringKey
{
    /// <summary>The partitions that the feed is known to have; none before the first report of an ingest.</summary>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("Partitions")]
    Task<IReadOnlyList<PartitionStatus>> PartitionsAsync();
}

/// <summary>One partition of a feed, as its owner last reported it.</summary>
/// <param name="NextOffset">The first offset whose effect is not durable; null: not known.</param>
/// <param name="EndOffset">Where the partition ended when its broker was last asked; null: not known.</param>
/// <param name="LastHeartbeat">When a message, the end of the partition or a heartbeat last came; null: not since its owner opened it.</param>
/// <param name="Waiting">Changes that were read and that no desk has answered.</param>
/// <param name="WaitingSince">When the oldest of them was read; null: none waits.</param>
/// <param name="Problem">Why it is not read on; null: nothing is known to be wrong.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.PartitionStatus")]
public sealed record PartitionStatus(
    [property: Id(0)] FeedPartition Partition,
    [property: Id(1)] PartitionState State,
    [property: Id(2)] long? NextOffset,
    [property: Id(3)] long? EndOffset,
    [property: Id(4)] DateTimeOffset? LastHeartbeat,
    [property: Id(5)] int Waiting,
    [property: Id(6)] DateTimeOffset? WaitingSince,
    [property: Id(7)] string? Problem);

/// <summary>The state of a partition: the first of these that holds, from the last one up.</summary>
public enum PartitionState
{
    /// <summary>It is read, and nothing of it waits for long.</summary>
    Live,

    /// <summary>It has not passed the snapshot that is being read.</summary>
    Building,

    /// <summary>Changes that were read are not applied for longer than allowed.</summary>
    Behind,

    /// <summary>It is not read on until desks have taken some of its changes.</summary>
    Paused,

    /// <summary>Nothing was heard of it for longer than allowed.</summary>
    Stale,

    /// <summary>Its owner says why it cannot go on.</summary>
    Failing,

    /// <summary>No ingest reports of it.</summary>
    Unowned,
}
