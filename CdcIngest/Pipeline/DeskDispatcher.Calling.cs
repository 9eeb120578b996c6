using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Pipeline;

// One call to a desk, repeated until the desk has answered.
internal sealed partial class DeskDispatcher
{
    private async Task CallAsync(DeskQueue queue, DeskCall call)
    {
        if (await ApplyAsync(queue, call))
        {
            Confirm(queue);
            Answered();
        }
    }

    /// <returns>False when the ingest stops before the desk has answered.</returns>
    private async Task<bool> ApplyAsync(DeskQueue queue, DeskCall call)
    {
        var delay = options.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            var began = clock.GetTimestamp();
            using var activity = IngestTracing.BeginApplying(call.Traces, call.Changes.Count);
            try
            {
                var applied = queue.Grain.ApplyAsync(new DeskBatch
                {
                    Feed = feed,
                    Changes = call.Changes,
                    Snapshot = call.Snapshot,
                    FeedState = StateOf(queue.Desk),
                    IngestedAt = call.ReadAt ?? clock.GetUtcNow(),
                });
                await (options.CallTimeout is { } timeout ? applied.WaitAsync(timeout, clock, stopping) : applied);
                metrics.Applied(clock.GetElapsedTime(began));
                return true;
            }
            catch (DeskUnavailableException) when (!stopping.IsCancellationRequested)
            {
                if (await TrySetAsideAsync(queue.Desk, call.Changes.Count))
                {
                    return true;
                }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // Until the desk answers it is unknown whether it applied the batch; it skips what it has.
                metrics.Retried();
                LogRetry(exception, queue.Desk, call.Changes.Count, attempt);
            }
            catch (Exception)
            {
                return false;
            }

            Failed(queue);
            try
            {
                await Task.Delay(delay, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            delay = RetryDelay.After(delay, options.MaxRetryDelay);
        }
    }

    private FeedState StateOf(string desk) => FeedState is FeedState.Live or FeedState.Stale && DoubtfulDesks.Contains(desk) ? FeedState.Unproven : FeedState;

    /// <summary>Changes of an unavailable desk would wait for an operator, and everybody else's behind them. Its repair reads the table anew.</summary>
    private async Task<bool> TrySetAsideAsync(string desk, int changes)
    {
        try
        {
            await SetAside(desk);
            metrics.SetAside(changes);
            return true;
        }
        catch (Exception exception)
        {
            LogNotSetAside(exception, desk);
            return false;
        }
    }

    private void Failed(DeskQueue queue)
    {
        lock (_gate)
        {
            queue.Failures++;
            ReturnPermit(queue);
            if (!queue.IsStuck && clock.GetElapsedTime(queue.CalledAt) >= options.StuckAfter)
            {
                BecomeStuck(queue);
            }

            Send();
        }
    }

    private void ReturnPermit(DeskQueue queue)
    {
        if (queue.HasPermit)
        {
            queue.HasPermit = false;
            _permits--;
        }
    }

    private void BecomeStuck(DeskQueue queue)
    {
        LogStuck(queue.Desk, queue.PartitionOfOldest?.ToString() ?? feed, queue.Count);
        metrics.Waiting(_hasEnded ? 0 : 1);
        queue.IsStuck = true;
        _bounds.Stuck(queue);
    }

    private void Confirm(DeskQueue queue)
    {
        lock (_gate)
        {
            var before = (queue.Count, queue.Bytes);
            queue.Confirm();
            _bounds.Changed(queue, before);
            if (queue.IsStuck)
            {
                queue.IsStuck = false;
                metrics.Waiting(_hasEnded ? 0 : -1);
                _bounds.Unstuck(queue);
                LogUnstuck(queue.Desk, queue.Count);
            }

            ReturnPermit(queue);
            if (queue.Count > 0 || queue.MissedCompletion is not null)
            {
                Enqueue(queue);
            }

            Send();
        }
    }
}
