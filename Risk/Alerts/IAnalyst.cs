using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Writes down what a breach means.</summary>
public interface IAnalyst
{
    /// <summary>Bounded in time; may throw, and is asked again then.</summary>
    Task<Analysis> AnalyseAsync(EpisodeReport report, CancellationToken cancellationToken);
}
