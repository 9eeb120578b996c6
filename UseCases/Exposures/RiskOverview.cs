using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>What somebody looks at who asks where the risk is: every desk by every limit, and what is in breach.</summary>
public sealed class RiskOverview(DeskCatalogue catalogue, LiveFigures live, IAlertQueries alerts, IOptions<UseCaseOptions> options) : IUseCase<NoInput, OverviewAnswer>
{
    public const string Tool = "risk_overview";

    /// <summary>More than anybody reads; the counts by desk are complete.</summary>
    private const int MostBreaches = 200;

    public async Task<OverviewAnswer> AskAsync(NoInput input, CallContext context, CancellationToken cancellationToken)
    {
        var desks = await catalogue.DesksAsync(context.Caller, cancellationToken);
        var feed = live.FeedAsync(null, cancellationToken);
        var open = alerts.ListAsync(new AlertFilter(Desks: context.Caller.Desks?.ToList(), BreachOpen: true), null, MostBreaches, cancellationToken);
        var summaries = await live.SummariesAsync(desks, cancellationToken);
        var profile = options.Value.ProfileNames()[0];
        var uses = desks
            .Select(summaries.Of)
            .OfType<DeskSummary>()
            .Select(desk => (Desk: desk, Uses: options.Value.HorizonNames().ToDictionary(horizon => horizon, horizon => LimitUse.Of(desk, profile, horizon, context.AsOf))))
            .ToList();
        // The horizons' order is the configuration's, and the metrics' is the same everywhere.
        List<OverviewMeasure> measures =
        [
            .. from horizon in options.Value.HorizonNames()
               from metric in RiskMetrics.All
               where uses.Exists(desk => desk.Uses[horizon].Any(use => use.Metric == metric && use.Limit is not null))
               select new OverviewMeasure(metric.Name(), horizon),
        ];
        return new OverviewAnswer(context, LiveFigures.With(await feed, [.. summaries.Doubts]))
        {
            Measures = measures,
            Desks =
            [
                .. uses.Select(desk => Row(desk.Desk, measures, desk.Uses))
                    .OrderByDescending(Nearness)
                    .ThenBy(row => row.Desk, StringComparer.Ordinal),
            ],
            Breaches = [.. Breaches((await open).Alerts, summaries, context.Caller.AlertView)],
            UnavailableDesks = UnavailableDeskAnswer.Of(summaries.Missing),
            Hint = desks.Count > 0 ? null : DeskCatalogue.NoDesksHint(context.Caller),
        };
    }

    private static OverviewDeskAnswer Row(DeskSummary desk, List<OverviewMeasure> measures, Dictionary<string, IReadOnlyList<LimitUse>> byHorizon)
    {
        var all = byHorizon.Values.SelectMany(uses => uses).ToList();
        return new OverviewDeskAnswer(desk.Totals, desk.Unit)
        {
            Desk = desk.Desk,
            Building = desk.IsBuilding,
            Uses = [.. measures.Select(measure => LimitUseAnswer.Of(byHorizon[measure.Horizon].Single(use => use.Metric.Name() == measure.Metric)))],
            HighestUtilisation = Figures.Ratio(all.Max(use => use.Utilisation.Ratio)),
            UtilisationState = LimitUse.Worst(all).Name(),
            OpenBreaches = desk.OpenEpisodes.Count,
        };
    }

    /// <summary>A breach of a limit of 0 has no ratio and is worse than any that has.</summary>
    private static decimal Nearness(OverviewDeskAnswer row) =>
        row.UtilisationState == UtilisationState.Breach.Name() && row.HighestUtilisation is null or <= 1 ? decimal.MaxValue : row.HighestUtilisation ?? -1;

    /// <summary>Skips alerts whose breach is no longer open at its desk: the alert hears of that shortly.</summary>
    private static IEnumerable<AlertAnswer> Breaches(IReadOnlyList<Alert> open, DeskReadings<DeskSummary> summaries, AlertView view) => open
        .Select(alert => (Alert: alert, Desk: summaries.Of(alert.Desk)))
        .Where(entry => entry.Desk?.OpenEpisodes.Any(episode => episode.AlertId == entry.Alert.AlertId) != false)
        .OrderByDescending(entry => entry.Alert.Episode.Severity)
        .ThenBy(entry => entry.Alert.Episode.OpenedAt)
        .Select(entry => entry.Desk is null ? new AlertAnswer(entry.Alert, view, null) : LiveFigures.AlertOf(entry.Desk, entry.Alert, view));
}
