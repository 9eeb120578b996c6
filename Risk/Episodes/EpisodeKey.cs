using Orleans;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Episodes;

/// <summary>What an episode is about within a desk. At most one is open per key at a time.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.EpisodeKey")]
public readonly record struct EpisodeKey(
    [property: Id(0)] RiskMetric Metric,
    [property: Id(1)] string Horizon,
    [property: Id(2)] string Profile);
