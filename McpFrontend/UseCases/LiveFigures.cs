using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

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

    /// <param name="desk">Null: of the feed as a whole.</param>
    public Task<FeedStatus> FeedAsync(string? desk, CancellationToken cancellationToken) =>
        grains.GetGrain<IFeedGrain>(options.Value.Feed).StatusAsync(desk).WaitAsync(cancellationToken);

    /// <summary>The feed's state as it holds for a desk: one that is still reading a snapshot is building, whatever the feed says by now.</summary>
    public static FeedStatus FeedOf(DeskPicture picture, FeedStatus feed) => picture.IsBuilding && feed.State is (FeedState.Live or FeedState.Stale)
        ? feed with { State = FeedState.Building, Reasons = [.. feed.Reasons, "a snapshot of this desk's positions is being read"] }
        : feed;
}
