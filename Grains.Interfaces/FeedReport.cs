using Orleans;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>The state of an ingest, sent about once a second, also when no message comes.</summary>
/// <param name="OpenedAt">When it began to read; a partition without a heartbeat since then counts from here.</param>
/// <param name="At">When this was true.</param>
/// <param name="Desks">The desks whose changes have waited longest; not necessarily all.</param>
[GenerateSerializer]
[Alias("RiskMonitor.FeedReport")]
public sealed record FeedReport(
    [property: Id(0)] DateTimeOffset OpenedAt,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] IReadOnlyList<PartitionReport> Partitions,
    [property: Id(3)] IReadOnlyList<WaitingDesk> Desks);

/// <summary>One partition.</summary>
/// <param name="LastHeartbeat">When a message, the end of the partition or a heartbeat last came; null: not since the ingest opened.</param>
/// <param name="WaitingSince">When the oldest change was read that no desk has answered; null: none waits.</param>
/// <param name="IsPaused">Nothing more is read of it until the desks for which its changes wait have taken some.</param>
[GenerateSerializer]
[Alias("RiskMonitor.PartitionReport")]
public sealed record PartitionReport(
    [property: Id(0)] FeedPartition Partition,
    [property: Id(1)] DateTimeOffset? LastHeartbeat,
    [property: Id(2)] DateTimeOffset? WaitingSince,
    [property: Id(3)] int Waiting,
    [property: Id(4)] bool IsPaused);

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
