using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Pipeline;

// What the feed grain learns of the ingest, and what the ingest learns of it.
internal sealed partial class IngestPipeline
{
    private DateTimeOffset _reportedAt;

    /// <summary>Records that the feed is unproven. The state goes with all changes that are sent from now on.</summary>
    private async Task MarkUnprovenAsync(UnprovenMark mark)
    {
        await feedGrain.MarkUnprovenAsync(mark);
        if (mark.Desks.Count > 0)
        {
            _dispatcher.DoubtfulDesks = _dispatcher.DoubtfulDesks.Concat(mark.Desks).ToHashSet(StringComparer.Ordinal);
        }
        else if (_dispatcher.FeedState != FeedState.Building)
        {
            _dispatcher.FeedState = FeedState.Unproven;
        }
    }

    /// <summary>The reason names no desk, because every user reads it.</summary>
    private Task SetAsideAsync(string desk) => feedGrain.MarkUnprovenAsync(new UnprovenMark(
        "a desk is unavailable and its changes were set aside; its repair reads the table anew", null, [desk], null, clock.GetUtcNow()));

    private async ValueTask OnHeartbeatAsync(FeedBatch batch)
    {
        metrics.OnHeartbeat(Read, batch.ReadAt);
        _liveness.OnBatch(batch);
        if (owned is not null)
        {
            // The periodic report does this beside the messages, so that they do not wait for a call.
            return;
        }

        if (batch.ReadAt - _reportedAt < TimeSpan.FromSeconds(1))
        {
            return;
        }

        _reportedAt = batch.ReadAt;
        await ReportAsync();
        await ReadFeedStateAsync();
    }

    /// <summary>Reads the feed's state, and which desks are doubtful while the others are not.</summary>
    private async Task ReadFeedStateAsync()
    {
        _dispatcher.FeedState = (await feedGrain.StatusAsync(IFeedGrain.NoDesk)).State;
        _dispatcher.DoubtfulDesks = _dispatcher.FeedState != FeedState.Unproven && (await feedGrain.StatusAsync(null)).State == FeedState.Unproven
            ? (await feedGrain.OpenAsync()).Unproven.SelectMany(mark => mark.Desks).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();
    }

    private Task ReportAsync()
    {
        var report = _liveness.Report(_dispatcher.Report(), _dispatcher.IsPaused, clock.GetUtcNow());
        return feedGrain.ReportAsync(owned is null ? report : OwnReport(report));
    }

    /// <summary>Reports also while the ingest waits for desks, because the feed is not live while changes wait.</summary>
    private async Task ReportPeriodicallyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.ReportInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await (owned is null ? ReportAsync() : SynchroniseAsync());
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotReported(exception, feed.Name);
            }
        }
    }
}
