using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Asks the grains how things stand now.</summary>
public sealed class LiveFigures(IGrainFactory grains, IOptions<UseCaseOptions> options)
{
    private const int DesksAtATime = 32;

    /// <summary>The share of a call's time after which one desk of many is done without.</summary>
    private const double DeskShare = 0.3;

    /// <summary>The desk as of its last durable record. Only for desks of the catalogue: asking creates the grain.</summary>
    public Task<DeskView> PictureAsync(string desk, CancellationToken cancellationToken) =>
        grains.GetGrain<IDeskRiskGrain>(desk).ReadAsync().WaitAsync(cancellationToken);

    /// <summary>The views of many desks. A desk that does not answer is missing; the others are returned.</summary>
    public async Task<DeskViews> PicturesAsync(IEnumerable<string> desks, CancellationToken cancellationToken)
    {
        var pictures = new Dictionary<string, DeskView>(StringComparer.Ordinal);
        var missing = new List<DeskDoubt>();
        Exception? failure = null;
        foreach (var chunk in desks.Distinct(StringComparer.Ordinal).Chunk(DesksAtATime))
        {
            foreach (var (desk, picture, problem) in await Task.WhenAll(chunk.Select(desk => TryPictureAsync(desk, cancellationToken))))
            {
                if (picture is not null)
                {
                    pictures[desk] = picture;
                    continue;
                }

                failure ??= problem is DeskUnavailableException ? null : problem;
                missing.Add(new DeskDoubt(desk, ReasonOf(problem)));
            }
        }

        // Where no desk answers it is not the desks.
        return pictures.Count == 0 && failure is not null ? throw failure : new DeskViews(pictures, missing);
    }

    /// <summary>One desk of which the answer can do without.</summary>
    /// <returns>Null where it cannot be asked.</returns>
    public async Task<DeskView?> PictureIfAvailableAsync(string desk, CancellationToken cancellationToken) =>
        (await TryPictureAsync(desk, cancellationToken)).Picture;

    /// <summary>What is missing makes an answer unproven, whatever the feed says.</summary>
    public static FeedStatus With(FeedStatus feed, IReadOnlyCollection<DeskDoubt> doubts) => doubts.Count == 0 ? feed : feed with
    {
        State = feed.State == FeedState.Building ? FeedState.Building : FeedState.Unproven,
        Desks = [.. doubts, .. feed.Desks],
    };

    private async Task<(string Desk, DeskView? Picture, Exception? Problem)> TryPictureAsync(string desk, CancellationToken cancellationToken)
    {
        try
        {
            return (desk, await grains.GetGrain<IDeskRiskGrain>(desk).ReadAsync().WaitAsync(options.Value.CallTimeout * DeskShare, cancellationToken), null);
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
    public static AlertAnswer AlertOf(DeskView picture, Alert alert, AlertView view)
    {
        var episode = picture.OpenEpisodes.FirstOrDefault(open => open.AlertId == alert.AlertId);
        var asOfNow = episode is null ? alert : alert with
        {
            Report = alert.Report with { Episode = alert.Episode with { PeakValue = episode.PeakValue, PeakAt = episode.PeakAt } },
        };
        return new AlertAnswer(asOfNow, view, alert.Episode.Key.Metric.Of(picture.Totals));
    }

    /// <param name="desk">Null: of the feed as a whole.</param>
    public Task<FeedStatus> FeedAsync(string? desk, CancellationToken cancellationToken) =>
        grains.GetGrain<IFeedGrain>(options.Value.Feed).StatusAsync(desk).WaitAsync(cancellationToken);

    /// <summary>The feed's state as it holds for a desk: one that is still reading a snapshot is building, whatever the feed says by now.</summary>
    public static FeedStatus FeedOf(DeskView picture, FeedStatus feed)
    {
        var told = picture.LimitsProblem is null ? feed : With(feed, [new DeskDoubt(picture.Desk, DeskViews.LimitsDoubt(picture))]);
        return picture.IsBuilding && feed.State is (FeedState.Live or FeedState.Stale)
            ? told with { State = FeedState.Building, Reasons = [.. feed.Reasons, "a snapshot of this desk's positions is being read"] }
            : told;
    }
}
