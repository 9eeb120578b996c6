using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Follows a snapshot through the partitions. Half a snapshot is not an exposure: desks build until every partition has passed, then what was
/// not seen is removed and they are judged.
/// </summary>
/// <remarks>Where the partitions have several owners, each follows its own partition, and the feed's grain decides for the topic.</remarks>
internal sealed partial class SnapshotReading(
    IFeedGrain feedGrain, IChangeFeed feed, DeskDispatcher dispatcher, TimeSpan quietPeriod, FeedRecord stored, OwnedPartition? owned = null)
{
    private const string EndOfSnapshot = UnprovenMark.EndOfSnapshot;

    private readonly HashSet<FeedPartition> _building = [.. stored.Building.Where(partition => owned is null || partition == owned.Partition)];
    private SourcePosition? _source = stored.SnapshotSource;
    private bool _lastWasSeen = stored.LastSnapshotRow is not null;
    private DateTimeOffset? _rowReadAt;

    /// <summary>Its rows say where they are in the snapshot, so that the last one can be expected. After a restart that is supposed.</summary>
    private bool _marksItsRows = stored.Snapshot.IsBuilding && stored.SnapshotSource is not null;

    /// <summary>Partitions whose part of the snapshot was taken for complete after silence, and may not have been; null: no doubt.</summary>
    private HashSet<FeedPartition>? _withoutProvenEnd = owned is null && stored.Unproven.Any(mark => mark.PositionId == EndOfSnapshot) ? [.. stored.Partitions.Select(partition => partition.Partition)] : null;

    /// <summary>The newest snapshot that has begun, and the newest that is complete.</summary>
    public SnapshotProgress Progress { get; private set; } = stored.Snapshot;

    public int Generation => Progress.Generation;

    /// <summary>The row that the snapshot calls its last; null while that was not seen.</summary>
    public Delivery? LastRow { get; private set; } = stored.LastSnapshotRow;

    private Delivery? NewestRow { get; set; } = stored.LastSnapshotRow;

    /// <summary>Takes up a snapshot that an earlier run was reading.</summary>
    public async Task ResumeAsync()
    {
        if (Progress.IsBuilding && stored.Building.Count == 0)
        {
            // The earlier run ended after it had stored the last partition and before it had completed the snapshot.
            await PassAsync([]);
        }
    }

    /// <summary>Whether a live change was committed before the newest snapshot was taken, so that the snapshot contains it.</summary>
    public bool IsOlderThanSnapshot(DecodedMessage.Row row) =>
        row.Source is { } source && _source is { } taken && source.IsBefore(taken)
        // A newer snapshot may have been read by another owner, or before what was read is read again: then rows of an older one are superseded, too.
        && (row.Snapshot != SnapshotMark.Unmarked || (owned is not null && Progress.IsBuilding));

    public async ValueTask OnRowAsync(DecodedMessage.Row row, Delivery delivery, PartitionOrder partition, DateTimeOffset readAt)
    {
        switch (row.Snapshot)
        {
            case SnapshotMark.None when IsOlderThanSnapshot(row):
                // From before the snapshot was taken: its partition has yet to come to it.
                return;
            case SnapshotMark.None:
                await OnLiveChangeAsync(partition);
                return;
            case SnapshotMark.Incremental:
                return;
            case SnapshotMark.Unmarked when partition.SawLiveChange || Progress.Completed.Generation > 0 || (Progress.IsBuilding && _source is not null && row.Source != _source):
                // The form does not say what kind of snapshot; over a book that is complete it can only be an incremental one.
                return;
        }

        if (!Progress.IsBuilding && row.Source is not null && row.Source == _source)
        {
            // A row of the snapshot that is complete: it replaces, and begins nothing.
            if (row.Snapshot == SnapshotMark.Last)
            {
                await EndSeenAsync();
            }

            return;
        }

        if (!Progress.IsBuilding || IsOfNewerSnapshot(row))
        {
            await BeginAsync(row.Source, row.Time?.CommittedAt);
            if (IsOlderThanSnapshot(row))
            {
                return;
            }
        }

        if (owned is not null)
        {
            await OnOwnRowAsync(row, delivery, partition);
        }

        _rowReadAt = readAt;
        _marksItsRows |= row.Snapshot != SnapshotMark.Unmarked;
        NewestRow = delivery;
        if (row.Snapshot == SnapshotMark.Last)
        {
            _lastWasSeen = true;
            LastRow = delivery;
        }
    }

    /// <summary>Whether the snapshot that is being read was broken off, and another one begun: by the log or, where that was reset meanwhile, by the clock.</summary>
    private bool IsOfNewerSnapshot(DecodedMessage.Row row) =>
        row.Source is { } source && _source is { } current
        && (source.IsAfter(current) || (source.IsBefore(current) && row.Snapshot != SnapshotMark.Unmarked && row.Time?.CommittedAt > _takenAt));

    /// <summary>The table was empty when the snapshot was taken: a whole snapshot in one message.</summary>
    public async ValueTask OnEmptyTableAsync(SourcePosition? source, Delivery delivery)
    {
        await BeginAsync(source, null);
        LastRow = NewestRow = delivery;
        await CompleteAsync();
    }

    /// <summary>A live change came: its partition has passed.</summary>
    public async ValueTask OnLiveChangeAsync(PartitionOrder partition)
    {
        partition.SawLiveChange = true;
        if (_withoutProvenEnd is { } unproven && unproven.Remove(partition.Partition) && unproven.Count == 0)
        {
            // Live changes follow a partition's snapshot rows: it had them all.
            await EndSeenAsync();
        }

        if (Progress.IsBuilding && _building.Contains(partition.Partition) && (owned is null || IsBehindSnapshot(partition)))
        {
            await PassAsync([partition.Partition]);
        }
    }

    /// <summary>A partition has nothing more; after the last row was seen anywhere, it has passed.</summary>
    public async Task OnEndReachedAsync(FeedPartition partition)
    {
        if (Progress.IsBuilding && _lastWasSeen && _building.Contains(partition))
        {
            await PassAsync([partition]);
        }
    }

    /// <summary>Nothing of the snapshot came for long enough: it has been read.</summary>
    public async Task CheckQuietAsync(DateTimeOffset now)
    {
        if (Progress.IsBuilding && owned is null)
        {
            _rowReadAt ??= now;
            if (now - _rowReadAt >= quietPeriod)
            {
                if (_marksItsRows && !_lastWasSeen)
                {
                    _withoutProvenEnd = [.. _building];
                    await feedGrain.MarkUnprovenAsync(UnprovenMark.EndNotSeen(NewestRow, now));
                }

                await CompleteAsync();
            }
        }
    }

    public Task CompleteAsync() => Progress.IsBuilding ? PassAsync([.. _building]) : Task.CompletedTask;

    /// <summary>A snapshot that was taken for complete has turned out to be.</summary>
    private async Task EndSeenAsync()
    {
        if (_withoutProvenEnd is not null || owned is not null)
        {
            _withoutProvenEnd = null;
            await dispatcher.DrainAsync();
            await feedGrain.ClearUnprovenAsync(EndOfSnapshot);
        }
    }

    private async Task BeginAsync(SourcePosition? source, DateTimeOffset? at)
    {
        await dispatcher.DrainAsync();
        var partitions = await feed.PartitionsAsync(CancellationToken.None);
        if (owned is not null)
        {
            Adopt(await owned.Coordinator.BeginSnapshotAsync(new SnapshotOrigin(source, at), partitions, Generation));
            return;
        }

        var before = Generation;
        Advance(await feedGrain.BeginSnapshotAsync(new SnapshotOrigin(source, at), partitions));
        if (Generation > before)
        {
            _building.Clear();
            _building.UnionWith(partitions);
            _source = source;
            _takenAt = at;
            _lastWasSeen = _marksItsRows = false;
            _withoutProvenEnd = null;
            LastRow = NewestRow = null;
        }
    }

    private async Task PassAsync(IReadOnlyList<FeedPartition> partitions)
    {
        await dispatcher.DrainAsync();
        _building.ExceptWith(partitions);
        // While others build, only the true last row is stored: it shows the next run that the end was seen.
        var lastRow = LastRow ?? (_building.Count == 0 && owned is null ? NewestRow : null);
        var progress = await feedGrain.PassSnapshotAsync(Generation, partitions, lastRow, dispatcher.Stuck);
        if (owned is not null && progress.Generation > Generation)
        {
            // Another owner has begun a newer one. It is taken up together with its place in the log and its partitions, which this answer does not tell.
            return;
        }

        Advance(progress);
        if (!Progress.IsBuilding)
        {
            _building.Clear();
            _lastWasSeen = false;
            LastRow = NewestRow = null;
        }
    }

    private void Advance(SnapshotProgress progress)
    {
        // An answer that was asked for before the snapshot's end may come after it.
        if (progress.Generation < Generation || progress.Completed.Generation < Progress.Completed.Generation || progress == Progress)
        {
            return;
        }

        var isCompleted = progress.Completed.Generation > Progress.Completed.Generation;
        Progress = progress;
        dispatcher.OnSnapshot(progress, isCompleted);
    }
}
