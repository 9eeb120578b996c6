namespace RiskMonitor.Risk.Positions;

/// <summary>Where a change was delivered: a topic's partition and the offset in it. A restarted connector sends the same change again at a new one.</summary>
public readonly record struct Delivery(string Topic, int Partition, long Offset)
{
    public FeedPartition FeedPartition => new(Topic, Partition);

    public override string ToString() => $"{Topic}[{Partition}]@{Offset}";
}

/// <summary>One ordered lane of a topic.</summary>
public readonly record struct FeedPartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}[{Partition}]";
}
