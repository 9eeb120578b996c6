using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Reports;

namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>Exposure, breaches, open alerts, conclusion and citations of one desk.</summary>
internal sealed class DeskExposure(DeskCatalogue catalogue, LiveFigures live, IAlertQueries alerts, IOptions<FrontendOptions> options)
{
    public const string Tool = "monitor_desk_exposure";

    /// <summary>A desk has at most one open breach per metric, horizon and profile: far below this.</summary>
    private const int MostAlerts = 500;

    public async Task<DeskExposureAnswer> AskAsync(DeskExposureInput input, Question question, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        check.OnlyNow(input.AsOf);
        var profile = check.Name("limit_profile", input.LimitProfile, options.Value.ProfileNames);
        var horizon = check.Name("horizon", input.Horizon, options.Value.HorizonNames);
        check.Done();

        await catalogue.DemandAsync(input.Desk, question.Caller, cancellationToken);
        var reading = live.PictureAsync(input.Desk, cancellationToken);
        var hearing = live.FeedAsync(input.Desk, cancellationToken);
        var listing = alerts.ListAsync(new AlertFilter(Desks: [input.Desk], BreachOpen: true), null, MostAlerts, cancellationToken);
        await Task.WhenAll(reading, hearing, listing);

        var (picture, open) = (await reading, (await listing).Alerts);
        return Compose(question, picture, LiveFigures.FeedOf(picture, await hearing), open, profile, horizon);
    }

    private static DeskExposureAnswer Compose(
        Question question, DeskPicture picture, FeedStatus feed, IReadOnlyList<Alert> open, string profile, string horizon)
    {
        var uses = LimitUse.Of(picture, profile, horizon, question.AsOf);
        var net = uses.Single(use => use.Metric == RiskMetric.NetDelta);
        var caller = question.Caller;
        return new DeskExposureAnswer(question, feed)
        {
            Desk = picture.Desk,
            Exposure = new ExposureAnswer(picture, caller.SeesBelowDesk),
            LimitProfile = profile,
            Horizon = horizon,
            Limits = [.. uses.Select(LimitUseAnswer.Of).OfType<LimitUseAnswer>()],
            Limit = LimitUseAnswer.Of(net),
            Utilisation = Figures.Ratio(net.Utilisation.Ratio),
            UtilisationState = LimitUse.Worst(uses).Name(),
            Breaches = [.. picture.OpenEpisodes.Select(episode => BreachAnswer.Of(episode, picture))],
            Alerts = [.. open.Select(alert => LiveFigures.AlertOf(picture, alert, caller.AlertView))],
            Conclusion = ExposureConclusion.Write(picture, feed, uses, profile, horizon),
            Citations = [.. Citations(net, question.AsOf)],
            Withheld = caller.SeesBelowDesk
                ? []
                : ["exposure.by_trader", "exposure.by_security", .. AlertAnswer.Withheld(caller.AlertView, "alerts")],
        };
    }

    /// <summary>Where in this answer (JSON Pointer, RFC 6901) the figures of the conclusion stand.</summary>
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

/// <param name="Horizon">Chooses the limits, does not rescale figures.</param>
internal sealed record DeskExposureInput(string Desk, string? AsOf, string? Horizon, string? LimitProfile);
