using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Alerting.Rules;

/// <summary>Writes a breach down by fixed rules: the same report always reads the same. Needs nobody, so it never fails.</summary>
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
