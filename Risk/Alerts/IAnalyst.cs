using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Writes down what a breach means.</summary>
public interface IAnalyst
{
    /// <summary>Bounded in time. Where it throws, the alert is delivered without an analysis, and says so.</summary>
    Task<Analysis> AnalyseAsync(EpisodeReport report, CancellationToken cancellationToken);
}
