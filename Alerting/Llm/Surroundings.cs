using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.Alerting.Llm;

/// <summary>What is known around a breach beside its report. Of the three lists null means that it could not be read in time.</summary>
/// <param name="Limits">The limits that may bind the desk.</param>
/// <param name="Changes">What the desk's last journal records did to its sums, newest first.</param>
/// <param name="Past">Earlier alerts of the desk, newest first.</param>
/// <param name="Market">The newest market snapshot; null where this process has no market data.</param>
internal sealed record Surroundings(LimitSet? Limits, IReadOnlyList<DeskChange>? Changes, IReadOnlyList<Alert>? Past, MarketView? Market)
{
    public static readonly Surroundings None = new(null, null, null, null);

    /// <summary>The names of what could not be read in time.</summary>
    public IEnumerable<string> LeftOut()
    {
        (string Name, bool IsThere)[] parts = [("limits", Limits is not null), ("recent_changes", Changes is not null), ("past_alerts", Past is not null)];
        return parts.Where(part => !part.IsThere).Select(part => part.Name);
    }
}
