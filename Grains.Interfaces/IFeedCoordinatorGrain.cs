using Orleans;
using Orleans.Concurrency;
using Orleans.Metadata;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>
/// What the owners of a topic's partitions share: one decision for the whole topic about its snapshots. It is implemented by the feed's grain. Owners call it
/// about once a second and at the begin and end of snapshots, never for each batch.
/// </summary>
[Alias("RiskMonitor.IFeedCoordinatorGrain")]
[DefaultGrainType("feed")]
public interface IFeedCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>The feed as a whole, as far as an owner of one partition has to know it.</summary>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("Progress")]
    Task<FeedProgress> ProgressAsync();

    /// <summary>
    /// A row of a snapshot came. Begins the next generation, unless that snapshot is known, or a newer one has begun of which the caller has not heard: it
    /// judges its row again by the answer.
    /// </summary>
    /// <param name="known">The generation that the caller knows.</param>
    [Alias("BeginSnapshot")]
    Task<FeedProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions, int known);

    /// <summary>The source's log was reset before this snapshot: source positions from before it cannot be compared with it.</summary>
    [Alias("LogWasReset")]
    Task LogWasResetAsync(int generation);
}

/// <summary>Where and when a snapshot was taken.</summary>
/// <param name="Source">In the source's log; null where the form does not say.</param>
/// <param name="At">By the source's clock; null where the form does not say.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SnapshotOrigin")]
public readonly record struct SnapshotOrigin(
    [property: Id(0)] SourcePosition? Source,
    [property: Id(1)] DateTimeOffset? At);

/// <summary>The state of a feed as its owners need it.</summary>
/// <param name="Origin">Of the snapshot that began last.</param>
/// <param name="Building">Partitions that have not passed it.</param>
/// <param name="LastSnapshotRow">Its last row, once an owner has read it; null before.</param>
/// <param name="State">As it holds for all desks but the doubtful ones.</param>
/// <param name="Doubtful">Desks of which something could not be read or applied.</param>
/// <param name="AllBegan">Of every partition it is known what it began with.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.FeedProgress")]
public sealed record FeedProgress(
    [property: Id(0)] SnapshotProgress Snapshot,
    [property: Id(1)] SnapshotOrigin Origin,
    [property: Id(2)] IReadOnlyList<FeedPartition> Building,
    [property: Id(3)] Delivery? LastSnapshotRow,
    [property: Id(4)] FeedState State,
    [property: Id(5)] IReadOnlyList<string> Doubtful,
    [property: Id(6)] bool AllBegan);
