using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Storage;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Feeds;

/// <summary>One feed: how far its partitions are, whether a snapshot is being read, and what may be wrong.</summary>
[GrainType("feed")]
[Immovable]
internal sealed partial class FeedGrain(
    [PersistentState("feed")] IPersistentState<FeedRecord> record,
    IDeskJournalReader journal,
    IOptions<FeedOptions> options,
    GrainMetrics metrics,
    TimeProvider clock,
    ILogger<FeedGrain> logger) : Grain, IFeedGrain, IFeedCoordinatorGrain, IFeedPartitionsGrain, IFeedWorkGrain
{
    /// <summary>Beyond this many unreadable positions the whole feed is unproven.</summary>
    private const int MarksKept = 1_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>How often the record is read again, because an operator's command may have written it.</summary>
    private static readonly TimeSpan RereadInterval = TimeSpan.FromSeconds(5);

    private readonly Freshness _freshness = new(options.Value);
    private IGrainTimer? _retryTimer;

    /// <summary>While a change is being written: what is stored. Readers must not see a snapshot's generation that a failure may give to another one.</summary>
    private FeedRecord? _stored;

    private FeedRecord Record => _stored ?? record.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        BeginNotifying();
        this.RegisterGrainTimer(static (grain, _) => grain.RereadAsync(), this, new GrainTimerCreationOptions(RereadInterval, RereadInterval));
        return Task.CompletedTask;
    }

    public Task<FeedRecord> OpenAsync() => Task.FromResult(Record);

    public Task CheckpointAsync(FeedCheckpoint checkpoint)
    {
        var known = checkpoint.Partitions.Select(partition => partition.Partition).ToHashSet();
        return StoreAsync(record => record with
        {
            Partitions = [.. record.Partitions.Where(partition => !known.Contains(partition.Partition)), .. checkpoint.Partitions],
            AppliedThrough = Instants.Later(checkpoint.AppliedThrough, record.AppliedThrough),
            TombstonesAccompanyDeletes = checkpoint.TombstonesAccompanyDeletes ?? record.TombstonesAccompanyDeletes,
            LastSnapshotRow = checkpoint.LastSnapshotRow ?? record.LastSnapshotRow,
            Deleted = checkpoint.Deleted ?? record.Deleted,
            DeletesForgotten = checkpoint.DeletesForgotten ?? record.DeletesForgotten,
        });
    }

    public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions) =>
        WasReplaced(origin, Record.Snapshot.Generation) ? Task.FromResult(Record.Snapshot) : BeginSnapshotAsync(origin, partitions, keepsNewer: false);

    private async Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions, bool keepsNewer)
    {
        if (!IsKnown(Record))
        {
            await StoreAsync(record => IsKnown(record) ? record : record with
            {
                Snapshot = record.Snapshot with { Generation = record.Snapshot.Generation + 1 },
                SnapshotSource = origin.Source,
                SnapshotAt = origin.At,
                KeepsNewer = keepsNewer,
                Building = partitions,
                LastSnapshotRow = null,
                WaitingDesks = [],
                // Desks that complete this snapshot need not complete the previous one.
                DesksToNotify = [],
                MayHaveLateDesks = false,
            });
            LogSnapshotBegan(this.GetPrimaryKeyString(), Record.Snapshot.Generation);
        }

        return Record.Snapshot;

        // Rows of one snapshot carry one source position. A connector that takes its snapshot again, without a commit in between, repeats it.
        bool IsKnown(FeedRecord record) => origin.Source is null ? record.Snapshot.IsBuilding : record.SnapshotSource == origin.Source;
    }

    public async Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null)
    {
        if (!IsBeingRead(Record))
        {
            return Record.Snapshot;
        }

        var desks = (await journal.DesksAsync(CancellationToken.None)).Select(head => head.Desk).ToList();
        await StoreAsync(record => IsBeingRead(record) ? Passed(record) : record);
        if (!Record.Snapshot.IsBuilding)
        {
            LogSnapshotCompleted(this.GetPrimaryKeyString(), generation);
            BeginNotifying();
        }

        return Record.Snapshot;

        bool IsBeingRead(FeedRecord record) => record.Snapshot.IsBuilding && record.Snapshot.Generation == generation;

        FeedRecord Passed(FeedRecord record)
        {
            var passed = record with
            {
                Building = [.. record.Building.Except(partitions)],
                WaitingDesks = [.. record.WaitingDesks.Union(waiting ?? [], StringComparer.Ordinal)],
                LastSnapshotRow = lastRow ?? record.LastSnapshotRow,
            };
            return passed.Building.Count > 0 ? passed : Completed(passed, desks);
        }
    }

    private static FeedRecord Completed(FeedRecord record, IReadOnlyList<string> desks)
    {
        var generation = record.Snapshot.Generation;
        return record with
        {
            Snapshot = new SnapshotProgress(
                generation, new CompletedSnapshot(generation, record.LastSnapshotRow, record.KeepsNewer ? record.SnapshotSource : null)),
            // A full snapshot settles every doubt from before it, but not the doubts about what it could not read itself.
            Unproven = [.. record.Unproven.Where(mark => mark.Generation == generation)],
            DesksToNotify = [.. desks.Except(record.WaitingDesks, StringComparer.Ordinal)],
            MayHaveLateDesks = true,
        };
    }

    public async Task MarkUnprovenAsync(UnprovenMark mark)
    {
        mark = mark with { Generation = Record.Snapshot.Generation };
        var same = Record.Unproven.FirstOrDefault(known =>
            known.Reason == mark.Reason && known.PositionId == mark.PositionId && known.Delivery == mark.Delivery && known.Desks.SequenceEqual(mark.Desks));
        if (same?.Generation == mark.Generation)
        {
            return;
        }

        if (same is not null)
        {
            // The snapshot that is being read does not settle this doubt either.
            await StoreAsync(record => record with { Unproven = [.. record.Unproven.Select(known => known == same ? same with { Generation = mark.Generation } : known)] });
            return;
        }

        LogUnproven(this.GetPrimaryKeyString(), mark.Reason, mark.Delivery?.ToString() ?? "");
        metrics.Noticed("feed_unproven");
        await StoreAsync(record => record with
        {
            Unproven = record.Unproven.Count < MarksKept
                ? [.. record.Unproven, mark]
                : [new UnprovenMark(string.Create(CultureInfo.InvariantCulture, $"more than {MarksKept} changes could not be read; see the dead letters"), null, [], mark.Delivery, mark.At, mark.Generation)],
        });
    }

    public async Task ClearUnprovenAsync(string positionId)
    {
        if (Record.Unproven.Any(mark => mark.PositionId == positionId))
        {
            await StoreAsync(record => record with { Unproven = [.. record.Unproven.Where(mark => mark.PositionId != positionId)] });
        }
    }

    public Task OnHeartbeatAsync(DateTimeOffset at)
    {
        _freshness.OnHeartbeat(at);
        return Task.CompletedTask;
    }

    public Task ReportAsync(FeedReport report)
    {
        _freshness.OnReport(report, clock.GetUtcNow());
        if (report.Owner is not null && Record.Snapshot.IsBuilding)
        {
            CompleteIfQuiet();
        }

        return Task.CompletedTask;
    }

    public Task<FeedStatus> StatusAsync(string? desk)
    {
        var now = clock.GetUtcNow();
        var reasons = _freshness.Reasons(desk, now).ToList();
        var state = reasons.Count > 0 ? FeedState.Stale : FeedState.Live;
        var marks = Record.Unproven.Where(mark => desk is null || Concerns(mark, desk)).ToList();
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
        else if (desk is null ? _notifying.Count > 0 : _notifying.Contains(desk))
        {
            state = FeedState.Building;
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"snapshot {Record.Snapshot.Generation} is complete; desks are being judged by it"));
        }

        return Task.FromResult(new FeedStatus(state, Instants.Later(Record.AppliedThrough, _freshness.AppliedThrough), _freshness.LastHeardAt, reasons)
        {
            Desks = [.. _freshness.Desks(now).Where(doubt => desk is null || doubt.Desk == desk)],
        });
    }

    public Task<IReadOnlyList<PartitionStatus>> PartitionsAsync() => Task.FromResult(_freshness.Partitions(Record, clock.GetUtcNow()));

    /// <summary>Commands mark desks that they have repaired, and end doubts that they have settled.</summary>
    private async Task RereadAsync()
    {
        try
        {
            await record.ReadStateAsync();
        }
        catch (Exception exception)
        {
            // What is known stays; the next time may succeed.
            LogNotReread(exception, this.GetPrimaryKeyString());
        }
    }

    private static bool Concerns(UnprovenMark mark, string desk) => mark.Desks.Count == 0 || mark.Desks.Contains(desk);

    /// <param name="change">
    /// Is applied again to what is stored, where an operator's command or another activation has written the record meanwhile. So it may take nothing from
    /// the record but what it is given.
    /// </param>
    private async Task StoreAsync(Func<FeedRecord, FeedRecord> change)
    {
        _stored = record.State;
        try
        {
            record.State = change(_stored);
            try
            {
                await record.WriteStateAsync();
            }
            catch (InconsistentStateException)
            {
                await record.ReadStateAsync();
                _stored = record.State;
                record.State = change(_stored);
                await record.WriteStateAsync();
            }

            _stored = null;
        }
        catch
        {
            // What is stored is not known now.
            DeactivateOnIdle();
            throw;
        }
    }
}
