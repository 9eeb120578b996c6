using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Reads current figures from the grains.</summary>
public sealed class LiveFigures(IGrainFactory grains, IOptions<UseCaseOptions> options)
{
    private const int DesksAtATime = 32;

    /// <summary>Grain references by desk. Making one reads attributes by reflection each time, which is a measurable part of a call.</summary>
    private readonly ConcurrentDictionary<string, IDeskRiskGrain> _desks = new(StringComparer.Ordinal);
    private readonly Lazy<IFeedGrain> _feed = new(() => grains.GetGrain<IFeedGrain>(options.Value.Feed));

    /// <summary>The share of a call's timeout after which a desk that has not answered is reported as missing.</summary>
    private const double DeskShare = 0.3;

    /// <summary>The desk as of its last durable record. Only for desks of the catalogue: asking creates the grain.</summary>
    public Task<DeskView> DeskViewAsync(string desk, CancellationToken cancellationToken) =>
        Desk(desk).ReadAsync().WaitAsync(cancellationToken);

    /// <summary>The views of many desks. A desk that does not answer is missing; the others are returned.</summary>
    public async Task<DeskViews> DeskViewsAsync(IEnumerable<string> desks, CancellationToken cancellationToken)
    {
        var deskViews = new Dictionary<string, DeskView>(StringComparer.Ordinal);
        var missing = new List<DeskDoubt>();
        Exception? failure = null;
        foreach (var chunk in desks.Distinct(StringComparer.Ordinal).Chunk(DesksAtATime))
        {
            foreach (var (desk, deskView, problem) in await Task.WhenAll(chunk.Select(desk => TryDeskViewAsync(desk, cancellationToken))))
            {
                if (deskView is not null)
                {
                    deskViews[desk] = deskView;
                    continue;
                }

                failure ??= problem is DeskUnavailableException ? null : problem;
                missing.Add(new DeskDoubt(desk, ReasonOf(problem)));
            }
        }

        // If no desk answers at all, the cause is not a single desk, so the call fails.
        return deskViews.Count == 0 && failure is not null ? throw failure : new DeskViews(deskViews, missing);
    }

    /// <summary>Reads one desk whose view the answer does not strictly need.</summary>
    /// <returns>Null if the desk did not answer.</returns>
    public async Task<DeskView?> DeskViewIfAvailableAsync(string desk, CancellationToken cancellationToken) =>
        (await TryDeskViewAsync(desk, cancellationToken)).View;

    private IDeskRiskGrain Desk(string desk) => _desks.GetOrAdd(desk, static (name, factory) => factory.GetGrain<IDeskRiskGrain>(name), grains);

    /// <summary>Adds the problems of desks to the state of the feed: missing figures make an answer unproven, even if the feed is live.</summary>
    public static FeedStatus With(FeedStatus feed, IReadOnlyCollection<DeskDoubt> doubts) => doubts.Count == 0 ? feed : feed with
    {
        State = feed.State == FeedState.Building ? FeedState.Building : FeedState.Unproven,
        Desks = [.. doubts, .. feed.Desks],
    };

    private async Task<(string Desk, DeskView? View, Exception? Problem)> TryDeskViewAsync(string desk, CancellationToken cancellationToken)
    {
        try
        {
            return (desk, await Desk(desk).ReadAsync().WaitAsync(options.Value.CallTimeout * DeskShare, cancellationToken), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (desk, null, exception);
        }
    }

    private static string ReasonOf(Exception? problem) => problem switch
    {
        DeskUnavailableException unavailable => $"unavailable, its figures are not in this answer: {unavailable.Reason}",
        TimeoutException => "unavailable, its figures are not in this answer: it does not answer in time",
        _ => "unavailable, its figures are not in this answer: it does not answer just now",
    };

    /// <summary>An alert with its desk's current figure and peak, which the alert itself learns only with its next report.</summary>
    public static AlertAnswer AlertOf(DeskView deskView, Alert alert, AlertView view)
    {
        var episode = deskView.OpenEpisodes.FirstOrDefault(open => open.AlertId == alert.AlertId);
        var asOfNow = episode is null ? alert : alert with
        {
            Report = alert.Report with { Episode = alert.Episode with { PeakValue = episode.PeakValue, PeakAt = episode.PeakAt } },
        };
        return new AlertAnswer(asOfNow, view, alert.Episode.Key.Metric.Of(deskView.Totals));
    }

    /// <param name="desk">Null: the feed as a whole.</param>
    public Task<FeedStatus> FeedAsync(string? desk, CancellationToken cancellationToken) =>
        _feed.Value.StatusAsync(desk).WaitAsync(cancellationToken);

    /// <summary>The feed's state for one desk: a desk that is still reading a snapshot is building, even if the feed is already live.</summary>
    public static FeedStatus FeedOf(DeskView deskView, FeedStatus feed)
    {
        var status = deskView.LimitsProblem is null ? feed : With(feed, [new DeskDoubt(deskView.Desk, DeskViews.LimitsDoubt(deskView))]);
        return deskView.IsBuilding && feed.State is (FeedState.Live or FeedState.Stale)
            ? status with { State = FeedState.Building, Reasons = [.. feed.Reasons, "a snapshot of this desk's positions is being read"] }
            : status;
    }
}
