using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Feeds;

/// <summary>One feed: how far its partitions are, whether a snapshot is being read, and what may be wrong.</summary>
internal sealed partial class FeedGrain(
    [PersistentState("feed")] IPersistentState<FeedRecord> record,
    IDeskJournal journal,
    IOptions<FeedOptions> options,
    GrainMetrics metrics,
    TimeProvider clock,
    ILogger<FeedGrain> logger) : Grain, IFeedGrain
{
    /// <summary>Beyond this many unreadable positions the whole feed is unproven.</summary>
    private const int MarksKept = 1_000;

    private const int DesksToldAtOnce = 32;

    private DateTimeOffset? _lastHeardAt;

    private FeedRecord Record => record.State;

    public Task<FeedRecord> OpenAsync() => Task.FromResult(Record);

    public Task CheckpointAsync(FeedCheckpoint checkpoint)
    {
        var partitions = Record.Partitions.ToDictionary(partition => partition.Partition);
        foreach (var partition in checkpoint.Partitions)
        {
            partitions[partition.Partition] = partition;
        }

        return StoreAsync(Record with
        {
            Partitions = [.. partitions.Values],
            AppliedThrough = Later(checkpoint.AppliedThrough, Record.AppliedThrough),
            NullsAreCompanions = checkpoint.NullsAreCompanions ?? Record.NullsAreCompanions,
            LastSnapshotRow = checkpoint.LastSnapshotRow ?? Record.LastSnapshotRow,
        });
    }

    public async Task<SnapshotProgress> BeginSnapshotAsync(SourcePosition? source, IReadOnlyList<FeedPartition> partitions)
    {
        // Rows of one snapshot carry one source position. A connector that takes its snapshot again, without a commit in between, says nothing new.
        var isKnown = source is null ? Record.Snapshot.IsBuilding : Record.SnapshotSource == source;
        if (!isKnown)
        {
            var generation = Record.Snapshot.Generation + 1;
            LogSnapshotBegan(this.GetPrimaryKeyString(), generation);
            await StoreAsync(Record with
            {
                Snapshot = Record.Snapshot with { Generation = generation },
                SnapshotSource = source,
                Building = partitions,
                LastSnapshotRow = null,
            });
        }

        return Record.Snapshot;
    }

    public async Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow)
    {
        if (!Record.Snapshot.IsBuilding || generation != Record.Snapshot.Generation)
        {
            return Record.Snapshot;
        }

        var building = Record.Building.Except(partitions).ToList();
        if (building.Count > 0)
        {
            await StoreAsync(Record with { Building = building, LastSnapshotRow = lastRow ?? Record.LastSnapshotRow });
            return Record.Snapshot;
        }

        var completed = new CompletedSnapshot(generation, lastRow ?? Record.LastSnapshotRow);
        await TellDesksAsync(completed);

        // A full snapshot answers for everything that was doubtful before it, but not for what it could not read itself.
        await StoreAsync(Record with
        {
            Snapshot = new SnapshotProgress(generation, completed),
            Building = [],
            Unproven = [.. Record.Unproven.Where(mark => mark.Generation == generation)],
        });
        LogSnapshotCompleted(this.GetPrimaryKeyString(), generation);
        return Record.Snapshot;
    }

    public async Task MarkUnprovenAsync(UnprovenMark mark)
    {
        if (Record.Unproven.Any(known => known.Reason == mark.Reason && known.PositionId == mark.PositionId && known.Delivery == mark.Delivery))
        {
            return;
        }

        mark = mark with { Generation = Record.Snapshot.Generation };
        LogUnproven(this.GetPrimaryKeyString(), mark.Reason, mark.Delivery?.ToString() ?? "");
        metrics.Noticed("feed_unproven");
        var marks = Record.Unproven.Count < MarksKept
            ? (IReadOnlyList<UnprovenMark>)[.. Record.Unproven, mark]
            : [new UnprovenMark(string.Create(CultureInfo.InvariantCulture, $"more than {MarksKept} changes could not be read; see the dead letters"), null, [], mark.Delivery, mark.At, mark.Generation)];
        await StoreAsync(Record with { Unproven = marks });
    }

    public async Task ClearUnprovenAsync(string positionId)
    {
        var left = Record.Unproven.Where(mark => mark.PositionId != positionId).ToList();
        if (left.Count < Record.Unproven.Count)
        {
            await StoreAsync(Record with { Unproven = left });
        }
    }

    public Task HeardAsync(DateTimeOffset at)
    {
        _lastHeardAt = Later(at, _lastHeardAt);
        return Task.CompletedTask;
    }

    public Task<FeedStatus> StatusAsync(string? desk)
    {
        var reasons = new List<string>();
        var state = FeedState.Live;
        if (_lastHeardAt is null || clock.GetUtcNow() - _lastHeardAt > options.Value.StaleAfter)
        {
            state = FeedState.Stale;
            reasons.Add(_lastHeardAt is { } heard
                ? string.Create(CultureInfo.InvariantCulture, $"nothing heard since {heard.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}")
                : "nothing heard since the monitor started");
        }

        var marks = Record.Unproven.Where(mark => desk is null || mark.Desks.Count == 0 || mark.Desks.Contains(desk)).ToList();
        if (marks.Count > 0)
        {
            state = FeedState.Unproven;
            reasons.AddRange(marks.Select(mark => mark.Delivery is { } at ? $"{mark.Reason} ({at})" : mark.Reason).Distinct().Take(10));
        }

        if (Record.Snapshot.IsBuilding)
        {
            state = FeedState.Building;
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"snapshot {Record.Snapshot.Generation} is being read; nothing is judged until it is complete"));
        }

        return Task.FromResult(new FeedStatus(state, Record.AppliedThrough, _lastHeardAt, reasons));
    }

    private async Task TellDesksAsync(CompletedSnapshot completed)
    {
        var feed = this.GetPrimaryKeyString();
        foreach (var desks in (await journal.DesksAsync(CancellationToken.None)).Chunk(DesksToldAtOnce))
        {
            await Task.WhenAll(desks.Select(head =>
                GrainFactory.GetGrain<IDeskRiskGrain>(head.Desk).CompleteSnapshotAsync(feed, completed, FeedState.Live)));
        }
    }

    private async Task StoreAsync(FeedRecord next)
    {
        record.State = next;
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // Memory may be ahead of the store now.
            DeactivateOnIdle();
            throw;
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}
