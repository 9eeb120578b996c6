using Orleans;

namespace RiskMonitor.Risk.Positions;

/// <summary>Where a change was delivered: a topic's partition and the offset in it. A restarted connector sends the same change again at a new one.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Delivery")]
public readonly record struct Delivery(
    [property: Id(0)] string Topic,
    [property: Id(1)] int Partition,
    [property: Id(2)] long Offset)
{
    public FeedPartition FeedPartition => new(Topic, Partition);

    public override string ToString() => $"{Topic}[{Partition}]@{Offset}";
}

/// <summary>One partition of a topic; its messages are ordered.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.FeedPartition")]
public readonly record struct FeedPartition(
    [property: Id(0)] string Topic,
    [property: Id(1)] int Partition)
{
    public override string ToString() => $"{Topic}[{Partition}]";
}
