using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The partitions of the feed, by topic and number.</summary>
public sealed record FeedPartitionsAnswer : Answer
{
    internal FeedPartitionsAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>Empty until an ingest has reported.</summary>
    public required IReadOnlyList<FeedPartitionAnswer> Partitions { get; init; }
}

/// <summary>One partition. What its owner does not know is null.</summary>
/// <param name="State">live, building, behind, paused, stale, failing or unowned.</param>
/// <param name="NextOffset">The first offset whose effect is not durable.</param>
/// <param name="EndOffset">Where the partition ended when its broker was last asked.</param>
/// <param name="Lag">Offsets between the two; some may be no messages, such as the marks of transactions.</param>
/// <param name="HeardAt">When a message, the end of the partition or a heartbeat last came.</param>
/// <param name="Waiting">Changes that were read and are not applied yet.</param>
/// <param name="WaitingSince">When the oldest of them was read.</param>
public sealed record FeedPartitionAnswer(
    string Topic,
    int Partition,
    string State,
    long? NextOffset,
    long? EndOffset,
    long? Lag,
    DateTimeOffset? HeardAt,
    int Waiting,
    DateTimeOffset? WaitingSince,
    string? Problem)
{
    internal static FeedPartitionAnswer Of(PartitionStatus status) => new(
        status.Partition.Topic,
        status.Partition.Partition,
        NameOf(status.State),
        status.NextOffset,
        status.EndOffset,
        status.EndOffset - status.NextOffset is { } lag ? Math.Max(0, lag) : null,
        status.LastHeartbeat,
        status.Waiting,
        status.WaitingSince,
        status.Problem);

    private static string NameOf(PartitionState state) => state switch
    {
        PartitionState.Live => "live",
        PartitionState.Building => "building",
        PartitionState.Behind => "behind",
        PartitionState.Paused => "paused",
        PartitionState.Stale => "stale",
        PartitionState.Failing => "failing",
        _ => "unowned",
    };
}
