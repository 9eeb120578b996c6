using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// A pipeline that owns one partition of several. It exchanges what concerns the whole topic with the feed's grain once a second, beside its messages.
internal sealed partial class IngestPipeline
{
    private static readonly TimeSpan s_firstSnapshotPoll = TimeSpan.FromMilliseconds(100);

    private volatile FeedProgress? _progress;

    /// <summary>Why the partition waits; null: it does not.</summary>
    private volatile string? _problem;
    private IReadOnlyList<FeedPartition> _members = [];

    /// <summary>What the partition began with; it matters while no snapshot has begun.</summary>
    private volatile FirstMessage _first;

    private void BeginOwning(FeedRecord record)
    {
        if (record.Snapshot.Generation > 0 || record.Partitions.Any(partition => partition.NextOffset > 0))
        {
            _first = FirstMessage.Change;
        }
    }

    private ValueTask AdoptProgressAsync()
    {
        if (_progress is not { } progress)
        {
            return ValueTask.CompletedTask;
        }

        _progress = null;
        _dispatcher.FeedState = progress.State;
        _dispatcher.DoubtfulDesks = progress.Doubtful.ToHashSet(StringComparer.Ordinal);
        return _snapshot.AdoptAsync(progress, PartitionOf(owned!.Partition));
    }

    private ValueTask OnCaughtUpAsync(FeedBatch batch)
    {
        if (batch.CaughtUp is not { } caughtUp)
        {
            return ValueTask.CompletedTask;
        }

        if (_first == FirstMessage.Unknown)
        {
            _first = FirstMessage.None;
        }

        return _snapshot.OnCaughtUpAsync(caughtUp.Partition, caughtUp.At);
    }

    private void NoteFirstSnapshotRow(DecodedMessage.Row row)
    {
        if (_first == FirstMessage.Unknown && row.Snapshot is not (SnapshotMark.None or SnapshotMark.Incremental))
        {
            _first = FirstMessage.SnapshotRow;
        }
    }

    /// <summary>
    /// While no snapshot has begun, the first change of the partition waits until every other partition has shown what it begins with: a desk must not be
    /// judged on the changes of one partition while the snapshot rows of another are unread.
    /// </summary>
    private async ValueTask OnFirstMessageAsync(DecodedMessage decoded)
    {
        if (decoded is not (DecodedMessage.Row { Snapshot: SnapshotMark.None or SnapshotMark.Incremental } or DecodedMessage.Tombstone))
        {
            return;
        }

        _first = FirstMessage.Change;
        var began = clock.GetTimestamp();
        while (_snapshot.Generation == 0)
        {
            await SynchroniseAsync();
            var allBegan = _progress?.AllBegan == true;
            await AdoptProgressAsync();
            if (allBegan || _snapshot.Generation > 0)
            {
                return;
            }

            if (clock.GetElapsedTime(began) >= options.FirstSnapshotWait)
            {
                LogNotAllBegan(owned!.Partition, options.FirstSnapshotWait);
                return;
            }

            await Task.Delay(s_firstSnapshotPoll, clock, _dispatcher.Stopping);
        }
    }

    /// <summary>Reports to the feed's grain and reads what it has decided. The messages take that up before the next batch.</summary>
    private async Task SynchroniseAsync()
    {
        _members = await feed.PartitionsAsync(_dispatcher.Stopping);
        await ReportAsync();
        _progress = await owned!.Coordinator.ProgressAsync();
    }

    private FeedReport OwnReport(FeedReport report) => report with
    {
        Partitions = [.. report.Partitions.Where(partition => partition.Partition == owned!.Partition)
            .Select(partition => partition with { First = _first, QuietSince = _snapshot.QuietSince, Problem = _problem })],
        Owner = new FeedOwner(_members, owned!.Checkpoints.Epoch, _snapshot.Generation, _snapshot.MarksItsRows, options.SnapshotQuietPeriod, _appliedThrough),
    };
}
