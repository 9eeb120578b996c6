using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Host;

/// <summary>Waits until what the feed held at the start is applied, so that the first question gets the whole answer.</summary>
internal sealed class Readiness(IGrainFactory grains, CaughtUpFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>The API is served after this time also when the feed is silent or cannot be read: answers then say what is wrong with it.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await feed.CaughtUp.WaitAsync(either.Token);
            var status = grains.GetGrain<IFeedGrain>(feed.Name);
            using var timer = new PeriodicTimer(s_pollInterval, clock);
            while ((await status.StatusAsync(desk: null)).State == FeedState.Building)
            {
                await timer.WaitForNextTickAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Start without the feed: answers say what is wrong with it.
        }
    }
}
