using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A limit in force and how much of it is used.</summary>
public sealed record LimitUseAnswer(
    string LimitId,
    int Version,
    string Profile,
    string Horizon,
    string ScopeKind,
    string Metric,
    Money Threshold,
    decimal WarningRatio,
    decimal CureRatio,
    Money Figure,
    decimal? Utilisation,
    string UtilisationState)
{
    /// <returns>Null where no limit is in force.</returns>
    public static LimitUseAnswer? Of(LimitUse use) => use.Limit is not { } limit
        ? null
        : new LimitUseAnswer(
            limit.LimitId,
            limit.Version,
            limit.Profile,
            limit.Horizon,
            limit.Scope.Name(),
            limit.Metric.Name(),
            limit.Threshold,
            limit.WarningRatio,
            limit.CureRatio,
            use.Figure,
            Figures.Ratio(use.Utilisation.Ratio),
            use.Utilisation.State.Name());
}

/// <summary>The names of limit fields in the public contracts.</summary>
public static class LimitNames
{
    public static string Name(this LimitScope scope) => scope == LimitScope.Desk ? "desk" : "default";
}
