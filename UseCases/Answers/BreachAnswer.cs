using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.UseCases.Answers;

/// <summary>An open breach episode, with the names that its alert has.</summary>
/// <param name="CurrentValue">The figure now.</param>
/// <param name="BreachAmount">|current value| − threshold; may be at or below 0 while the cure level is not met.</param>
public sealed record BreachAnswer(
    Guid AlertId,
    string MetricName,
    string LimitProfile,
    string Horizon,
    string Unit,
    Money CurrentValue,
    Money ThresholdValue,
    Money BreachAmount,
    string Severity,
    int Revision,
    DateTimeOffset OpenedAt,
    Money OpenedValue,
    Money PeakValue,
    DateTimeOffset PeakAt,
    string LimitId,
    int LimitVersion)
{
    public static BreachAnswer Of(Episode episode, DeskSummary desk)
    {
        var current = episode.Key.Metric.Of(desk.Totals);
        return new BreachAnswer(
            episode.AlertId,
            episode.Key.Metric.Name(),
            episode.Key.Profile,
            episode.Key.Horizon,
            desk.Unit,
            current,
            episode.Threshold,
            Math.Abs(current) - episode.Threshold,
            episode.Severity.Name(),
            episode.Revision,
            episode.OpenedAt,
            episode.OpenedValue,
            episode.PeakValue,
            episode.PeakAt,
            episode.Limit.LimitId,
            episode.Limit.Version);
    }
}
