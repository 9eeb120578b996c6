using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Markets;
using RiskMonitor.Risk.Reports;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Markets;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Exposure, breaches, open alerts, conclusion and citations of one desk, now or at a past instant.</summary>
public sealed class DeskExposure(
    DeskCatalogue catalogue, LiveFigures live, IAlertQueries alerts, IDeskHistory history, MarketData market, ExposureAnswerCache known, IOptions<UseCaseOptions> options) : IUseCase<DeskExposureInput, DeskExposureAnswer>
{
    public const string Tool = "monitor_desk_exposure";

    public static readonly UseCaseInput<DeskExposureInput> Input = new(
        Tool,
        [
            new("desk", ParameterKind.Text, "exact name, as list_desks gives it", IsRequired: true),
            CommonParameters.AsOf,
            new("horizon", ParameterKind.Text, "chooses limits; figures are not rescaled"),
            new("limit_profile", ParameterKind.Text, "chooses limits"),
        ],
        values => new DeskExposureInput(values.Demand("desk"), values.Text("as_of"), values.Text("horizon"), values.Text("limit_profile")));

    /// <summary>A desk has at most one open breach per metric, horizon and profile: far below this.</summary>
    private const int MostAlerts = 500;

    private static readonly string[] s_belowDesk =
        ["exposure.by_trader", "exposure.by_security", "reporting.missing_prices", "reporting.stale_prices"];

    public async Task<DeskExposureAnswer> AskAsync(DeskExposureInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var asOf = input.AsOf is null ? null : check.Past("as_of", input.AsOf, options.Value.BusinessZone!, context.AsOf);
        var profile = check.Name("limit_profile", input.LimitProfile, options.Value.ProfileNames());
        var horizon = check.Name("horizon", input.Horizon, options.Value.HorizonNames());
        check.Done();
        await catalogue.DemandAsync(input.Desk, context.Caller, cancellationToken);

        var chosen = new LimitChoice(profile, horizon, input.Top);
        return asOf is { } instant
            ? await ThenAsync(input.Desk, chosen, context with { AsOf = instant }, cancellationToken)
            : await NowAsync(input.Desk, chosen, context, cancellationToken);
    }

    private async Task<DeskExposureAnswer> NowAsync(string desk, LimitChoice chosen, CallContext context, CancellationToken cancellationToken)
    {
        var hearing = live.FeedAsync(desk, cancellationToken);
        var view = market.View(context.AsOf);
        // Positions are valued by security, also for a caller who does not see securities.
        var dimensions = context.Caller.SeesBelowDesk ? DeskDimensions.All
            : view is null ? DeskDimensions.Currency
            : DeskDimensions.Currency | DeskDimensions.Security;
        var deskView = await live.DeskViewAsync(desk, dimensions, cancellationToken);
        // Skip alerts whose breach is no longer open at the desk: their grain gets the report shortly.
        var open = deskView.OpenEpisodes.Count == 0
            ? []
            : (await alerts.ListAsync(new AlertFilter(Desks: [desk], BreachOpen: true), null, MostAlerts, cancellationToken)).Alerts;
        return Compose(
            context,
            chosen,
            deskView,
            LiveFigures.FeedOf(deskView, await hearing),
            [.. open.Select(alert => LiveFigures.AlertOf(deskView, alert, context.Caller.AlertView))],
            basis: null,
            view);
    }

    /// <param name="context">For the past instant.</param>
    private async Task<DeskExposureAnswer> ThenAsync(string desk, LimitChoice chosen, CallContext context, CancellationToken cancellationToken)
    {
        var past = await history.AsOfAsync(desk, context.AsOf, cancellationToken) switch
        {
            PastState state => state,
            BeforeHistory before => throw RequestException.Invalid(
                "as_of",
                $"is {AlertDocument.Time(context.AsOf)}, before all that is kept of '{desk}', which goes back to {AlertDocument.Time(before.Reach.Earliest)}"
                + $" (exact to the change from {AlertDocument.Time(before.Reach.ExactFrom)}); ask for that instant or later"),
            _ => throw RequestException.Invalid("as_of", $"is {AlertDocument.Time(context.AsOf)}, and nothing is kept of '{desk}'; leave as_of out for now"),
        };

        var deskView = past.View;
        var open = new List<AlertAnswer>();
        foreach (var episode in deskView.OpenEpisodes)
        {
            if (await alerts.FindAsync(episode.AlertId, [desk], cancellationToken) is { } found)
            {
                open.Add(new AlertAnswer(found.Alert, context.Caller.AlertView, null));
            }
        }

        var offsets = deskView.Offsets
            .OrderBy(entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Key.Partition)
            .Select(entry => new PartitionOffset(entry.Key.Topic, entry.Key.Partition, entry.Value));
        var feed = new FeedStatus(past.FeedState, past.AppliedThrough, null, ["the state that the desk had last been told of by then"]);
        // Past prices and rates are not kept, and current ones would give figures that never existed.
        return Compose(context, chosen, deskView, feed, open, new HistoryBasis(past.IsExact, past.StandsOn ?? context.AsOf, [.. offsets]), view: null);
    }

    private DeskExposureAnswer Compose(
        CallContext context, LimitChoice chosen, DeskView deskView, FeedStatus feed, IReadOnlyList<AlertAnswer> open, HistoryBasis? basis, MarketView? view)
    {
        var uses = LimitUse.Of(deskView, chosen.Profile, chosen.Horizon, context.AsOf);
        var net = uses.Single(use => use.Metric == RiskMetric.NetDelta);
        var caller = context.Caller;
        return new DeskExposureAnswer(context, feed)
        {
            Desk = deskView.Desk,
            History = basis,
            // A view of the past is computed for this call only, so it is not kept.
            Exposure = basis is null ? known.Of(deskView, caller.SeesBelowDesk, view, chosen.Top) : new ExposureAnswer(deskView, caller.SeesBelowDesk, view, chosen.Top),
            Reporting = view is null ? null : ReportingAnswer.Of(view, deskView, caller.SeesBelowDesk, context.AsOf),
            LimitProfile = chosen.Profile,
            Horizon = chosen.Horizon,
            Limits = [.. uses.Select(LimitUseAnswer.Of).OfType<LimitUseAnswer>()],
            Limit = LimitUseAnswer.Of(net),
            Utilisation = Figures.Ratio(net.Utilisation.Ratio),
            UtilisationState = LimitUse.Worst(uses).Name(),
            Breaches = [.. deskView.OpenEpisodes.Select(episode => BreachAnswer.Of(episode, deskView))],
            Alerts = open,
            Conclusion = Conclude(context, chosen, deskView, feed, uses, basis),
            Citations = [.. Citations(net, context.AsOf)],
            Withheld = caller.SeesBelowDesk ? [] : [.. s_belowDesk, .. AlertAnswer.Withheld(caller.AlertView, "alerts")],
        };
    }

    private static string Conclude(
        CallContext context, LimitChoice chosen, DeskView deskView, FeedStatus feed, IReadOnlyList<LimitUse> uses, HistoryBasis? basis)
    {
        var conclusion = ExposureConclusion.Write(deskView, feed with { Reasons = FeedAnswer.ReasonsFor(feed, context.Caller) }, uses, chosen.Profile, chosen.Horizon);
        return basis switch
        {
            null => conclusion,
            { Exact: true } => $"As of {AlertDocument.Time(context.AsOf)}: {conclusion}",
            _ => $"As of {AlertDocument.Time(basis.StateAt)}, the last state kept before {AlertDocument.Time(context.AsOf)}: {conclusion}",
        };
    }

    /// <summary>The parameters of the call that select the desk's limits and rows.</summary>
    private sealed record LimitChoice(string Profile, string Horizon, int? Top);

    /// <summary>The JSON Pointers (RFC 6901) to the figures of the conclusion in this answer.</summary>
    private static IEnumerable<Citation> Citations(LimitUse net, DateTimeOffset asOf)
    {
        yield return new Citation("net_delta", "/exposure/delta", asOf);
        yield return new Citation("gross_delta", "/exposure/gross_delta", asOf);
        yield return new Citation("long_delta", "/exposure/long_delta", asOf);
        yield return new Citation("short_delta", "/exposure/short_delta", asOf);
        yield return new Citation("position_count", "/exposure/position_count", asOf);
        yield return new Citation("missing_delta_count", "/exposure/missing_delta_count", asOf);
        yield return new Citation("utilisation_state", "/utilisation_state", asOf);
        if (net.Limit is not null)
        {
            yield return new Citation("threshold", "/limit/threshold", asOf);
            yield return new Citation("utilisation", "/utilisation", asOf);
        }
    }
}

/// <param name="AsOf">Null: now.</param>
/// <param name="Horizon">Chooses the limits, does not rescale figures.</param>
/// <param name="Top">The most rows of each breakdown; null: all.</param>
public sealed record DeskExposureInput(string Desk, string? AsOf, string? Horizon, string? LimitProfile, int? Top = null);
