using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Reports;

/// <summary>A desk's figure beside the limit that binds it.</summary>
/// <param name="Limit">Null when none is in force.</param>
public sealed record LimitUse(RiskMetric Metric, decimal Figure, RiskLimit? Limit, Utilisation Utilisation)
{
    /// <summary>One per metric, in the order of <see cref="RiskMetrics.All"/>.</summary>
    public static IReadOnlyList<LimitUse> Of(DeskSummary desk, string profile, string horizon, DateTimeOffset instant) =>
    [
        .. RiskMetrics.All.Select(metric =>
        {
            var figure = metric.Of(desk.Totals);
            var limit = desk.Limits.Effective(desk.Desk, metric, profile, horizon, instant);
            return new LimitUse(metric, figure, limit, Utilisation.Of(figure, limit));
        }),
    ];

    /// <summary>The worst over the metrics; no limit at all only where none has one.</summary>
    public static UtilisationState Worst(IEnumerable<LimitUse> uses) => uses.Max(use => use.Utilisation.State);
}
