using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Tests;

/// <summary>Reports of breaches on the desk Rates/EU.</summary>
internal static class Breaches
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static EpisodeReport Report(Totals totals, decimal threshold, RiskMetric metric = RiskMetric.NetDelta)
    {
        var value = metric.Of(totals);
        var limit = new RiskLimit(
            "L1", "standard", LimitScope.Default, "", metric, "intraday", threshold, 0.8m, 1m, SeveritySteps.Default, null, null, null, 1, "", "");
        var episode = new Episode
        {
            Key = new EpisodeKey(metric, "intraday", "standard"),
            Number = 1,
            AlertId = Guid.Parse("7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11"),
            OpenedAt = Noon,
            OpenedValue = value,
            Cause = new BreachCause(CauseKind.Position, null, "P-1", null, null, null, Noon),
            Limit = new LimitReference("L1", 1),
            Value = value,
            Unit = "EUR",
            Threshold = threshold,
            Severity = Severities.Of(value, limit),
            Revision = 1,
            PeakValue = value,
            PeakAt = Noon,
        };
        return new EpisodeReport(
            "Rates/EU",
            7,
            episode,
            "EUR",
            FeedState.Live,
            Noon,
            new BreachContext(totals, [new Group("EUR", "EUR", totals)], [new Group("trader-7", "EUR", totals)], [new Group("BUND-10Y", "EUR", totals)], Noon));
    }

    /// <summary>An analysed alert of a desk whose limit is 1,000.</summary>
    public static Alert Alert(string desk, decimal net, Analysis? analysis = null)
    {
        var life = new AlertLifecycle(AlertPolicy.Default, AlertDocument.WebhookBody);
        var opened = life.OnReport(null, Report(new Totals(net, 0, 1, 0), 1_000) with { Desk = desk }, Noon).Alert;
        return life.Analysed(opened, 1, analysis ?? new Analysis("EUR is net long.", """{"drivers":{}}""", "rules"), Noon.AddMilliseconds(20)).Alert;
    }
}
