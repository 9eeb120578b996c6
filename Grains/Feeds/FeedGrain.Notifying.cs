using Orleans;
using Orleans.Runtime;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Feeds;

/// <content>
/// Notifying desks that the last snapshot is complete. This runs beside the grain's turns, because a slow desk must not delay checkpoints. Which desks
/// have not been notified is stored, and the next activation goes on with them.
/// </content>
internal sealed partial class FeedGrain
{
    private const int DesksNotifiedAtOnce = 32;

    /// <summary>The desks that have not answered the first call about the last snapshot. Until they have, their feed counts as building.</summary>
    private readonly HashSet<string> _notifying = new(StringComparer.Ordinal);

    public async Task DesksNotifiedAsync(int generation, IReadOnlyList<string> desks)
    {
        if (generation != Record.Snapshot.Completed.Generation)
        {
            // A later snapshot is complete, and its own list of desks is stored.
            return;
        }

        if (desks.Count > 0)
        {
            await StoreAsync(record => record with { DesksToNotify = [.. record.DesksToNotify.Except(desks, StringComparer.Ordinal)] });
        }

        ScheduleRetry();
    }

    private void BeginNotifying()
    {
        _notifying.Clear();
        _notifying.UnionWith(Record.DesksToNotify);
        NotifyDesks();
    }

    private void NotifyDesks()
    {
        _retryTimer?.Dispose();
        _retryTimer = null;
        if (Record.DesksToNotify.Count > 0)
        {
            _ = NotifyAsync(Record.DesksToNotify, Record.Snapshot.Completed);
        }
        else
        {
            ScheduleRetry();
        }
    }

    /// <summary>
    /// Adds the desks that could not be notified at once: those that had not applied their rows then, as soon as they have, and those that began meanwhile with
    /// changes of owners who had not heard of the snapshot's end. Nothing else would tell them, and they would be building until their next change.
    /// </summary>
    private async Task NotifyMoreAsync()
    {
        if (IsAnyDeskLeft(Record))
        {
            var late = Record.MayHaveLateDesks ? (await journal.DesksAsync(CancellationToken.None)).Select(head => head.Desk).ToList() : Record.WaitingDesks;
            var waiting = late.Intersect(_freshness.WaitingDesks, StringComparer.Ordinal).ToList();
            await StoreAsync(record => IsAnyDeskLeft(record) ? record with
            {
                DesksToNotify = [.. record.DesksToNotify.Union(late.Except(waiting, StringComparer.Ordinal), StringComparer.Ordinal)],
                WaitingDesks = waiting,
                MayHaveLateDesks = false,
            }
            : record);
        }

        NotifyDesks();
    }

    private static bool IsAnyDeskLeft(FeedRecord record) => !record.Snapshot.IsBuilding && (record.MayHaveLateDesks || record.WaitingDesks.Count > 0);

    /// <summary>A desk without trades would stay building for ever if one failed call were the last.</summary>
    private void ScheduleRetry()
    {
        _retryTimer?.Dispose();
        _retryTimer = Record.DesksToNotify.Count == 0 && !IsAnyDeskLeft(Record)
            ? null
            : this.RegisterGrainTimer(
                static (grain, _) => grain.NotifyMoreAsync(),
                this,
                new GrainTimerCreationOptions(RetryAfter, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Notifies some desks at a time. Its continuations run on the grain's scheduler, between turns, so they need no lock.</summary>
    private async Task NotifyAsync(IReadOnlyList<string> desks, CompletedSnapshot completed)
    {
        var notified = new List<string>();
        var queue = new Queue<string>(desks);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(DesksNotifiedAtOnce, queue.Count)).Select(_ => NotifyNextAsync()));
        try
        {
            await this.AsReference<IFeedWorkGrain>().DesksNotifiedAsync(completed.Generation, notified);
        }
        catch (Exception exception)
        {
            // The stored list names too many desks now. The next activation notifies them again, which changes nothing for them.
            LogNotifiedNotStored(exception, this.GetPrimaryKeyString(), completed.Generation);
        }

        async Task NotifyNextAsync()
        {
            while (Record.Snapshot.Completed == completed && queue.TryDequeue(out var desk))
            {
                if (await TryNotifyAsync(desk, completed))
                {
                    notified.Add(desk);
                }

                if (Record.Snapshot.Completed == completed)
                {
                    _notifying.Remove(desk);
                }
            }
        }
    }

    /// <returns>False when the desk did not answer in time, or failed.</returns>
    private async Task<bool> TryNotifyAsync(string desk, CompletedSnapshot completed)
    {
        var feed = this.GetPrimaryKeyString();

        // Only doubts about what this snapshot could not read are left.
        var state = Record.Unproven.Any(mark => mark.Generation == completed.Generation && Concerns(mark, desk)) ? FeedState.Unproven : FeedState.Live;
        try
        {
            await GrainFactory.GetGrain<IDeskRiskGrain>(desk).CompleteSnapshotAsync(feed, completed, state).WaitAsync(options.Value.DeskTimeout, clock);
            return true;
        }
        catch (Exception exception)
        {
            // The desk learns of it with its next batch, or by the next attempt.
            if (exception is not DeskUnavailableException)
            {
                LogDeskNotNotified(exception, feed, desk, completed.Generation);
            }

            return false;
        }
    }
}
