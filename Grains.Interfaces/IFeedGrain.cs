using Orleans;
using Orleans.Concurrency;
using Orleans.Metadata;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>The state of a whole feed: how far each partition is, the snapshot being read, what is unproven. Its key is the feed's name (its topic).</summary>
[Alias("RiskMonitor.IFeedGrain")]
[DefaultGrainType("feed")]
public interface IFeedGrain : IGrainWithStringKey
{
    /// <summary>In place of a desk: asks for the state that holds for all desks, since a desk's name is never empty.</summary>
    const string NoDesk = "";

    /// <summary>The durable record, for an ingest that takes partitions over.</summary>
    [Alias("Open")]
    Task<FeedRecord> OpenAsync();

    /// <summary>Stores how far partitions are. Only after every desk that their messages touched has answered. The answer means durable.</summary>
    [Alias("Checkpoint")]
    Task CheckpointAsync(FeedCheckpoint checkpoint);

    /// <summary>
    /// A snapshot has begun: the next generation, unless one that began at the same source position is being read already, or a newer one has replaced it.
    /// </summary>
    [Alias("BeginSnapshot")]
    Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions);

    /// <summary>
    /// Partitions have passed the snapshot: a live change came, or the end, or silence. All desks that they touched have answered. With the last
    /// partition the snapshot is complete. The answer means that this is durable; the feed then notifies every desk, and counts as building until each
    /// has answered or has been given up for now.
    /// </summary>
    /// <param name="waiting">Desks that have not applied their rows of the snapshot yet. The feed does not notify them: their next batch says it.</param>
    [Alias("PassSnapshot")]
    Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null);

    /// <summary>Figures may be wrong from here on; durable, an operator notice, and said in every answer until a full snapshot.</summary>
    [Alias("MarkUnproven")]
    Task MarkUnprovenAsync(UnprovenMark mark);

    /// <summary>A later row of the position was applied, so an unreadable earlier one no longer matters.</summary>
    [Alias("ClearUnproven")]
    Task ClearUnprovenAsync(string positionId);

    /// <summary>A change or a heartbeat of the whole feed came. Kept in memory, so that it may come often.</summary>
    [AlwaysInterleave]
    [Alias("Heartbeat")]
    Task OnHeartbeatAsync(DateTimeOffset at);

    /// <summary>The state of the ingest, partition by partition. Kept in memory; the newest report replaces the one before.</summary>
    [AlwaysInterleave]
    [Alias("Report")]
    Task ReportAsync(FeedReport report);

    /// <summary>The status of the feed in answers.</summary>
    /// <param name="desk">Null: of the feed as a whole; <see cref="NoDesk"/>: of all desks.</param>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("Status")]
    Task<FeedStatus> StatusAsync(string? desk);
}

/// <summary>What work beside a feed sends back to it. Not for callers from outside.</summary>
[Alias("RiskMonitor.IFeedWorkGrain")]
public interface IFeedWorkGrain : IGrainWithStringKey
{
    /// <summary>Desks have judged by a complete snapshot. Another attempt follows for those that are still to be notified.</summary>
    [Alias("DesksNotified")]
    Task DesksNotifiedAsync(int generation, IReadOnlyList<string> desks);

    /// <summary>The owners of all partitions that have not passed a snapshot have heard nothing of it for long enough.</summary>
    [Alias("SnapshotQuiet")]
    Task OnSnapshotQuietAsync(int generation);
}

/// <summary>The durable record of a feed.</summary>
[GenerateSerializer]
[Alias("RiskMonitor.FeedRecord")]
public sealed record FeedRecord
{
    [Id(0)]
    public IReadOnlyList<PartitionRecord> Partitions { get; init; } = [];

    [Id(1)]
    public SnapshotProgress Snapshot { get; init; }

    /// <summary>Where the snapshot of the current generation was taken; null where the form does not say.</summary>
    [Id(2)]
    public SourcePosition? SnapshotSource { get; init; }

    /// <summary>Partitions that have not passed the snapshot being read.</summary>
    [Id(3)]
    public IReadOnlyList<FeedPartition> Building { get; init; } = [];

    [Id(4)]
    public DateTimeOffset? AppliedThrough { get; init; }

    [Id(5)]
    public IReadOnlyList<UnprovenMark> Unproven { get; init; } = [];

    /// <summary>Each delete comes as an envelope or with <c>__deleted</c>, so that the tombstone after it repeats it; null while unknown.</summary>
    [Id(6)]
    public bool? TombstonesAccompanyDeletes { get; init; }

    /// <summary>The last row of the snapshot being read, as far as seen.</summary>
    [Id(7)]
    public Delivery? LastSnapshotRow { get; init; }

    /// <summary>Positions deleted so lately that an older row of theirs may still come in another partition.</summary>
    [Id(8)]
    public IReadOnlyList<DeletedPosition> Deleted { get; init; } = [];

    /// <summary><see cref="Deleted"/> no longer holds deletes up to here; null: it holds all.</summary>
    [Id(9)]
    public SourcePosition? DeletesForgotten { get; init; }

    /// <summary>Desks that are still to be notified that the last snapshot is complete.</summary>
    [Id(10)]
    public IReadOnlyList<string> DesksToNotify { get; init; } = [];

    /// <summary>
    /// Desks that have not applied their rows of the snapshot being read, as owners said when their partitions passed. Of the last snapshot, when it is
    /// complete: desks that are to be notified once they have.
    /// </summary>
    [Id(11)]
    public IReadOnlyList<string> WaitingDesks { get; init; } = [];

    /// <summary>When the snapshot of the current generation was taken, by the source's clock; null where the form does not say.</summary>
    [Id(12)]
    public DateTimeOffset? SnapshotAt { get; init; }

    /// <summary>
    /// The partitions have several owners, and the snapshot of the current generation is of the same log as what was read before it: a position that
    /// changed after the snapshot was taken stays, also if its owner read that change before it heard of the snapshot.
    /// </summary>
    [Id(13)]
    public bool KeepsNewer { get; init; }

    /// <summary>Desks may have begun since it was listed which of them to notify: their owners had not heard that the snapshot is complete.</summary>
    [Id(14)]
    public bool MayHaveLateDesks { get; init; }
}

/// <summary>A position that was deleted.</summary>
/// <param name="Source">Where in the source's log, at the least.</param>
/// <param name="Generation">The snapshot that had begun.</param>
[GenerateSerializer]
[Alias("RiskMonitor.DeletedPosition")]
public sealed record DeletedPosition(
    [property: Id(0)] string PositionId,
    [property: Id(1)] SourcePosition Source,
    [property: Id(2)] int Generation);

/// <summary>Progress of a partition.</summary>
/// <param name="NextOffset">The first offset that is not done.</param>
/// <param name="Newest">The newest source position of the messages before it; null in forms without.</param>
/// <param name="NewestAt">Its commit time.</param>
/// <param name="LastOffset">The last message read, by which the partition is recognised; -1 where none was.</param>
/// <param name="LastFingerprint">Hash of that message.</param>
/// <param name="Incarnation">How often the topic was created again under its name.</param>
[GenerateSerializer]
[Alias("RiskMonitor.PartitionRecord")]
public sealed record PartitionRecord(
    [property: Id(0)] FeedPartition Partition,
    [property: Id(1)] long NextOffset,
    [property: Id(2)] SourcePosition? Newest,
    [property: Id(3)] DateTimeOffset? NewestAt,
    [property: Id(4)] bool LastWasRepeat,
    [property: Id(5)] bool SawLiveChange,
    [property: Id(6)] long LastOffset = -1,
    [property: Id(7)] long LastFingerprint = 0,
    [property: Id(8)] int Incarnation = 0)
{
    /// <summary>Nulls right before the next offset of which the next row shows whether the connector repeats them; null: none.</summary>
    [Id(9)]
    public IReadOnlyList<UncertainDelete>? UncertainDeletes { get; init; }
}

/// <summary>A null that may have deleted a position, or may be one of those that a connector repeats.</summary>
/// <param name="PositionId">Null: more of them than are named.</param>
/// <param name="Desks">The desks that held the position; empty: none did.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.UncertainDelete")]
public sealed record UncertainDelete(
    [property: Id(0)] string? PositionId,
    [property: Id(1)] IReadOnlyList<string> Desks);

/// <summary>Progress to be stored.</summary>
[GenerateSerializer]
[Alias("RiskMonitor.FeedCheckpoint")]
public sealed record FeedCheckpoint(
    [property: Id(0)] IReadOnlyList<PartitionRecord> Partitions,
    [property: Id(1)] DateTimeOffset? AppliedThrough,
    [property: Id(2)] bool? TombstonesAccompanyDeletes,
    [property: Id(3)] Delivery? LastSnapshotRow,
    [property: Id(4)] IReadOnlyList<DeletedPosition>? Deleted = null,
    [property: Id(5)] SourcePosition? DeletesForgotten = null);

/// <summary>Something that may have made figures wrong.</summary>
/// <param name="PositionId">The position concerned; null: the whole feed.</param>
/// <param name="Desks">The desks that may be wrong; empty: all.</param>
/// <param name="Generation">The snapshot that had begun when it was stored: a snapshot does not settle a doubt about itself.</param>
[GenerateSerializer]
[Alias("RiskMonitor.UnprovenMark")]
public sealed record UnprovenMark(
    [property: Id(0)] string Reason,
    [property: Id(1)] string? PositionId,
    [property: Id(2)] IReadOnlyList<string> Desks,
    [property: Id(3)] Delivery? Delivery,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] int Generation = 0)
{
    /// <summary>Stands for a position in the mark of a snapshot whose end was not seen; no position is called so.</summary>
    public const string EndOfSnapshot = "";

    /// <summary>A source that pauses looks the same as one that has ended.</summary>
    public static UnprovenMark EndNotSeen(Delivery? newest, DateTimeOffset at) => new(
        "the snapshot was taken for complete because nothing of it came for a while, and its last row was not seen: positions may be missing",
        EndOfSnapshot,
        [],
        newest,
        at);
}
