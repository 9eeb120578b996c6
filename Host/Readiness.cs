using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Host;

/// <summary>Ready: what the feed held at the start is taken in, so that the first question gets the whole answer.</summary>
internal sealed class Readiness(IGrainFactory grains, CaughtUpFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <summary>A feed that stays silent or cannot be read does not keep the API away: answers then say what is wrong with it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await feed.CaughtUp.WaitAsync(either.Token);
            var status = grains.GetGrain<IFeedGrain>(feed.Name);
            using var timer = new PeriodicTimer(Look, clock);
            while ((await status.StatusAsync(desk: null)).State == FeedState.Building)
            {
                await timer.WaitForNextTickAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Patience is over.
        }
    }
}
