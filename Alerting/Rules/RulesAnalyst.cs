using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Alerting.Rules;

/// <summary>Writes the analysis of a breach by fixed rules: the same report always gives the same text. It calls no other service, so it cannot fail for that reason.</summary>
internal sealed class RulesAnalyst : IAnalyst
{
    public const string Source = "rules";

    public Task<Analysis> AnalyseAsync(EpisodeReport report, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var assessment = Assessment.Of(report);
        return Task.FromResult(new Analysis(BreachText.Write(report, assessment), BreachJson.Write(report, assessment), Source));
    }
}
