namespace RiskMonitor.UseCases.Answers;

/// <summary>The stored state from which a past exposure was computed.</summary>
/// <param name="Exact">To the change; else the state is one that was kept, at <paramref name="StateAt"/>.</param>
/// <param name="StateAt">The instant that the figures hold for.</param>
/// <param name="Offsets">The newest change of each partition that is in the figures.</param>
public sealed record HistoryBasis(bool Exact, DateTimeOffset StateAt, IReadOnlyList<PartitionOffset> Offsets);

/// <summary>A place in the feed.</summary>
public sealed record PartitionOffset(string Topic, int Partition, long Offset);
