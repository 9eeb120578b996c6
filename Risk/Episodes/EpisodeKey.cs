using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Episodes;

/// <summary>What an episode is about within a desk. At most one is open per key at a time.</summary>
public readonly record struct EpisodeKey(RiskMetric Metric, string Horizon, string Profile);
