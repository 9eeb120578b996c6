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
public sealed class LiveFigures(IGrainFactory grains, IOptions<UseCaseOptions> options, TimeProvider time)
{
    private const int DesksAtATime = 32;

    /// <summary>Grain references by desk. Making one reads attributes by reflection each time, which is a measurable part of a call.</summary>
    private readonly ConcurrentDictionary<string, IDeskRiskGrain> _desks = new(StringComparer.Ordinal);
    private readonly FeedReadings _feed = new(grains, options, time);

    /// <summary>The share of a call's timeout after which a desk that has not answered is reported as missing.</summary>
    private const double DeskShare = 0.3;

    /// <summary>The desk as of its last durable record. Only for desks of the catalogue: asking creates the grain.</summary>
    public Task<DeskView> DeskViewAsync(string desk, DeskDimensions dimensions, CancellationToken cancellationToken) =>
        Desk(desk).ReadAsync(dimensions).WaitAsync(cancellationToken);

    /// <summary>The summaries of many desks. A desk that does not answer is missing; the others are returned.</summary>
    public Task<DeskReadings<DeskSummary>> SummariesAsync(IEnumerable<string> desks, CancellationToken cancellationToken) =>
        ReadAsync(desks, static desk => desk.ReadSummaryAsync(), cancellationToken);

    /// <summary>The same with their breakdowns.</summary>
    public Task<DeskReadings<DeskView>> DeskViewsAsync(IEnumerable<string> desks, DeskDimensions dimensions, CancellationToken cancellationToken) =>
        ReadAsync(desks, desk => desk.ReadAsync(dimensions), cancellationToken);

    /// <summary>Reads one desk whose figures the answer does not strictly need.</summary>
    /// <returns>Null if the desk did not answer.</returns>
    public async Task<DeskSummary?> SummaryIfAvailableAsync(string desk, CancellationToken cancellationToken) =>
        (await TryReadAsync(desk, static grain => grain.ReadSummaryAsync(), cancellationToken)).Reading;

    private async Task<DeskReadings<TReading>> ReadAsync<TReading>(
        IEnumerable<string> desks, Func<IDeskRiskGrain, Task<TReading>> read, CancellationToken cancellationToken)
        where TReading : DeskSummary
    {
        var readings = new Dictionary<string, TReading>(StringComparer.Ordinal);
        var missing = new List<DeskDoubt>();
        Exception? failure = null;
        foreach (var chunk in desks.Distinct(StringComparer.Ordinal).Chunk(DesksAtATime))
        {
            foreach (var (desk, reading, problem) in await Task.WhenAll(chunk.Select(desk => TryReadAsync(desk, read, cancellationToken))))
            {
                if (reading is not null)
                {
                    readings[desk] = reading;
                    continue;
                }

                failure ??= problem is DeskUnavailableException ? null : problem;
                missing.Add(new DeskDoubt(desk, ReasonOf(problem)));
            }
        }

        // If no desk answers at all, the cause is not a single desk, so the call fails.
        return readings.Count == 0 && failure is not null ? throw failure : new DeskReadings<TReading>(readings, missing);
    }

    private IDeskRiskGrain Desk(string desk) => _desks.GetOrAdd(desk, static (name, factory) => factory.GetGrain<IDeskRiskGrain>(name), grains);

    /// <summary>Adds the problems of desks to the state of the feed: missing figures make an answer unproven, even if the feed is live.</summary>
    public static FeedStatus With(FeedStatus feed, IReadOnlyCollection<DeskDoubt> doubts) => doubts.Count == 0 ? feed : feed with
    {
        State = feed.State == FeedState.Building ? FeedState.Building : FeedState.Unproven,
        Desks = [.. doubts, .. feed.Desks],
    };

    private async Task<(string Desk, TReading? Reading, Exception? Problem)> TryReadAsync<TReading>(
        string desk, Func<IDeskRiskGrain, Task<TReading>> read, CancellationToken cancellationToken)
        where TReading : DeskSummary
    {
        try
        {
            return (desk, await read(Desk(desk)).WaitAsync(options.Value.CallTimeout * DeskShare, cancellationToken), null);
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
    public static AlertAnswer AlertOf(DeskSummary desk, Alert alert, AlertView view)
    {
        var episode = desk.OpenEpisodes.FirstOrDefault(open => open.AlertId == alert.AlertId);
        var asOfNow = episode is null ? alert : alert with
        {
            Report = alert.Report with { Episode = alert.Episode with { PeakValue = episode.PeakValue, PeakAt = episode.PeakAt } },
        };
        return new AlertAnswer(asOfNow, view, alert.Episode.Key.Metric.Of(desk.Totals));
    }

    /// <summary>The state of the feed, at most <see cref="FeedReadings.MostAge"/> old.</summary>
    /// <param name="desk">Null: of the feed as a whole.</param>
    public Task<FeedStatus> FeedAsync(string? desk, CancellationToken cancellationToken) => _feed.OfAsync(desk).WaitAsync(cancellationToken);

    /// <summary>Ends when any silo answers. The feed's grain is in one of them, and is away for a moment when that silo dies.</summary>
    public Task SiloAnswersAsync(CancellationToken cancellationToken) => grains.GetGrain<ISiloProbeGrain>(ISiloProbeGrain.Key).AnswerAsync().WaitAsync(cancellationToken);

    /// <summary>The state of the feed from its grain.</summary>
    public Task<FeedStatus> FeedNowAsync(CancellationToken cancellationToken) => _feed.NowAsync().WaitAsync(cancellationToken);

    /// <summary>How far each partition of the feed is.</summary>
    public Task<IReadOnlyList<PartitionStatus>> FeedPartitionsAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IFeedPartitionsGrain>(options.Value.Feed).PartitionsAsync().WaitAsync(cancellationToken);

    /// <param name="desk">One whose limits cannot be read.</param>
    public static DeskDoubt LimitsDoubt(DeskSummary desk) =>
        new(desk.Desk, $"its limits cannot be read, and it is judged by those it last knew: {desk.LimitsProblem}");

    /// <summary>The feed's state for one desk: a desk that is still reading a snapshot is building, even if the feed is already live.</summary>
    public static FeedStatus FeedOf(DeskSummary desk, FeedStatus feed)
    {
        var status = desk.LimitsProblem is null ? feed : With(feed, [LimitsDoubt(desk)]);
        return desk.IsBuilding && feed.State is (FeedState.Live or FeedState.Stale)
            ? status with { State = FeedState.Building, Reasons = [.. feed.Reasons, "a snapshot of this desk's positions is being read"] }
            : status;
    }
}
