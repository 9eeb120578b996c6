using Orleans;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>The state of an ingest, sent about once a second, also when no message comes.</summary>
/// <param name="OpenedAt">When it began to read; a partition without a heartbeat since then counts from here.</param>
/// <param name="At">When this was true.</param>
/// <param name="Desks">The desks whose changes have waited longest; not necessarily all.</param>
/// <param name="Owner">Of which partitions' owner this is the report; null: one ingest reads the whole feed.</param>
[GenerateSerializer]
[Alias("RiskMonitor.FeedReport")]
public sealed record FeedReport(
    [property: Id(0)] DateTimeOffset OpenedAt,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] IReadOnlyList<PartitionReport> Partitions,
    [property: Id(3)] IReadOnlyList<WaitingDesk> Desks,
    [property: Id(4)] FeedOwner? Owner = null);

/// <summary>What the owner of a part of a feed's partitions knows of the whole.</summary>
/// <param name="Members">All partitions of the topic, by its metadata.</param>
/// <param name="Epoch">The number of the owner: a report of an earlier owner that comes late is ignored.</param>
/// <param name="Generation">The snapshot that the owner knows to have begun.</param>
/// <param name="MarksItsRows">The rows of that snapshot say which of them is the last.</param>
/// <param name="QuietPeriod">A snapshot of which nothing came for this long has been read.</param>
/// <param name="AppliedThrough">Commit time of the newest change read; null before any.</param>
[GenerateSerializer]
[Alias("RiskMonitor.FeedOwner")]
public sealed record FeedOwner(
    [property: Id(0)] IReadOnlyList<FeedPartition> Members,
    [property: Id(1)] long Epoch,
    [property: Id(2)] int Generation,
    [property: Id(3)] bool MarksItsRows,
    [property: Id(4)] TimeSpan QuietPeriod,
    [property: Id(5)] DateTimeOffset? AppliedThrough);

/// <summary>What a partition began with, as far as its owner has read.</summary>
public enum FirstMessage
{
    /// <summary>Nothing has been read yet.</summary>
    Unknown,

    /// <summary>The partition has nothing, or nothing more.</summary>
    None,

    /// <summary>A row of a snapshot.</summary>
    SnapshotRow,

    /// <summary>A change that is no row of a snapshot.</summary>
    Change,
}

/// <summary>One partition.</summary>
/// <param name="LastHeartbeat">When a message, the end of the partition or a heartbeat last came; null: not since the ingest opened.</param>
/// <param name="WaitingSince">When the oldest change was read that no desk has answered; null: none waits.</param>
/// <param name="IsPaused">Nothing more is read of it until the desks for which its changes wait have taken some.</param>
/// <param name="First">What it began with; only in reports of owners.</param>
/// <param name="QuietSince">It has been read to its end and applied, and brought nothing of the snapshot since then; null: it is not quiet.</param>
/// <param name="Problem">Why it waits, other than for desks; null: it does not.</param>
/// <param name="NextOffset">The first offset whose effect is not durable; null: only the feed's record says it.</param>
/// <param name="EndOffset">Where the partition ended when its broker was last asked; null: not known.</param>
[GenerateSerializer]
[Alias("RiskMonitor.PartitionReport")]
public sealed record PartitionReport(
    [property: Id(0)] FeedPartition Partition,
    [property: Id(1)] DateTimeOffset? LastHeartbeat,
    [property: Id(2)] DateTimeOffset? WaitingSince,
    [property: Id(3)] int Waiting,
    [property: Id(4)] bool IsPaused,
    [property: Id(5)] FirstMessage First = FirstMessage.Unknown,
    [property: Id(6)] DateTimeOffset? QuietSince = null,
    [property: Id(7)] string? Problem = null,
    [property: Id(8)] long? NextOffset = null,
    [property: Id(9)] long? EndOffset = null);

/// <summary>A desk that has not answered.</summary>
/// <param name="Since">When the oldest of its changes was read.</param>
/// <param name="Failures">How often it has failed to take them, one call after the other.</param>
[GenerateSerializer]
[Alias("RiskMonitor.WaitingDesk")]
public sealed record WaitingDesk(
    [property: Id(0)] string Desk,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] int Changes,
    [property: Id(3)] int Failures);
