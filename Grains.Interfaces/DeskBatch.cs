using Orleans;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>Changes of one feed for one desk, in the order in which they are to be applied. The sender must not change it afterwards.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskBatch")]
public sealed class DeskBatch
{
    [Id(0)]
    public required string Feed { get; init; }

    [Id(1)]
    public required IReadOnlyList<PositionChange> Changes { get; init; }

    /// <summary>The feed's snapshots, as known when the batch was sent.</summary>
    [Id(2)]
    public required SnapshotProgress Snapshot { get; init; }

    [Id(3)]
    public required FeedState FeedState { get; init; }

    /// <summary>When the first of the changes was read from the feed.</summary>
    [Id(4)]
    public required DateTimeOffset IngestedAt { get; init; }
}
