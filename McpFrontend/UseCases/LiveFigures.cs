using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>Asks the grains how things stand now.</summary>
internal sealed class LiveFigures(IGrainFactory grains, IOptions<FrontendOptions> options)
{
    private const int DesksAtATime = 32;

    /// <summary>The desk as of its last durable record. Only for desks of the catalogue: asking creates the grain.</summary>
    public Task<DeskPicture> PictureAsync(string desk, CancellationToken cancellationToken) =>
        grains.GetGrain<IDeskRiskGrain>(desk).ReadAsync().WaitAsync(cancellationToken);

    /// <summary>Likewise many desks, by name.</summary>
    public async Task<IReadOnlyDictionary<string, DeskPicture>> PicturesAsync(IEnumerable<string> desks, CancellationToken cancellationToken)
    {
        var pictures = new Dictionary<string, DeskPicture>(StringComparer.Ordinal);
        foreach (var chunk in desks.Distinct(StringComparer.Ordinal).Chunk(DesksAtATime))
        {
            foreach (var picture in await Task.WhenAll(chunk.Select(desk => PictureAsync(desk, cancellationToken))))
            {
                pictures[picture.Desk] = picture;
            }
        }

        return pictures;
    }

    /// <summary>An alert of a desk as it stands now: its figure, and the peak that the alert itself hears of only with its next report.</summary>
    public static AlertAnswer AlertOf(DeskPicture picture, Alert alert, AlertView view)
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
    public static FeedStatus FeedOf(DeskPicture picture, FeedStatus feed) => picture.IsBuilding && feed.State is (FeedState.Live or FeedState.Stale)
        ? feed with { State = FeedState.Building, Reasons = [.. feed.Reasons, "a snapshot of this desk's positions is being read"] }
        : feed;
}
