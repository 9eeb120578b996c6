using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Feeds;

/// <content>What is decided once for a topic whose partitions have several owners.</content>
internal sealed partial class FeedGrain
{
    /// <summary>The generation that is being completed because it is quiet; 0: none.</summary>
    private int _completing;

    public async Task<FeedProgress> ProgressAsync() => new(
        Record.Snapshot,
        new SnapshotOrigin(Record.SnapshotSource, Record.SnapshotAt),
        Record.Building,
        Record.LastSnapshotRow,
        (await StatusAsync(IFeedGrain.NoDesk)).State,
        [.. Record.Unproven.SelectMany(mark => mark.Desks).Distinct(StringComparer.Ordinal)],
        _freshness.AllBegan);

    public async Task<FeedProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions, int known)
    {
        var before = Record;
        if (WasReplaced(origin, known))
        {
            // The row belongs to a snapshot that a newer one has replaced: the caller lags, or reads again what the owner before it had read.
            return await ProgressAsync();
        }

        var isOfSameLog = origin.Source is { } source && before.SnapshotSource?.IsAfter(source) != true;
        await BeginSnapshotAsync(origin, partitions, isOfSameLog);
        return await ProgressAsync();
    }

    /// <summary>Whether a snapshot lies before the newest one in the log, and the log was not reset since: its caller knows of the newest, and the clock says that it is younger.</summary>
    private bool WasReplaced(SnapshotOrigin origin, int known) =>
        origin.Source is { } taken && Record.SnapshotSource is { } newest && taken.IsBefore(newest)
        && (known < Record.Snapshot.Generation || origin.At <= Record.SnapshotAt);

    public async Task LogWasResetAsync(int generation)
    {
        if (generation == Record.Snapshot.Generation && Record.KeepsNewer)
        {
            await StoreAsync(record => record with { KeepsNewer = false });
        }
    }

    public async Task OnSnapshotQuietAsync(int generation)
    {
        if (!Record.Snapshot.IsBuilding || generation != Record.Snapshot.Generation || !_freshness.IsQuiet(Record.Building, generation, clock.GetUtcNow()))
        {
            return;
        }

        if (Record.LastSnapshotRow is null && _freshness.MarksItsRows(generation))
        {
            await MarkUnprovenAsync(UnprovenMark.EndNotSeen(null, clock.GetUtcNow()));
        }

        // These have yet to apply some of its rows; their next batches say that it is complete.
        var waiting = _freshness.Desks(clock.GetUtcNow()).Select(doubt => doubt.Desk).ToList();
        await PassSnapshotAsync(generation, Record.Building, null, waiting);
    }

    /// <summary>Reports come between other turns, so the snapshot is completed in a turn of its own.</summary>
    private void CompleteIfQuiet()
    {
        var generation = Record.Snapshot.Generation;
        if (_completing != generation && _freshness.IsQuiet(Record.Building, generation, clock.GetUtcNow()))
        {
            _completing = generation;
            _ = CompleteAsync(generation);
        }
    }

    private async Task CompleteAsync(int generation)
    {
        try
        {
            await this.AsReference<IFeedWorkGrain>().OnSnapshotQuietAsync(generation);
        }
        catch (Exception exception)
        {
            LogQuietNotStored(exception, this.GetPrimaryKeyString(), generation);
        }
        finally
        {
            _completing = 0;
        }
    }
}
