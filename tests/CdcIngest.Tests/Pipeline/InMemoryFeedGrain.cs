using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>What the pipeline needs of a feed's record, without a silo. These feeds have no snapshots.</summary>
internal sealed class InMemoryFeedGrain : IFeedGrain
{
    public FeedRecord Record { get; private set; } = new();

    public Task<FeedRecord> OpenAsync() => Task.FromResult(Record);

    public Task CheckpointAsync(FeedCheckpoint checkpoint)
    {
        Record = Record with
        {
            Partitions = [.. Record.Partitions.Where(known => checkpoint.Partitions.All(next => next.Partition != known.Partition)), .. checkpoint.Partitions],
            TombstonesAccompanyDeletes = checkpoint.TombstonesAccompanyDeletes,
            Deleted = checkpoint.Deleted ?? [],
            DeletesForgotten = checkpoint.DeletesForgotten,
        };
        return Task.CompletedTask;
    }

    public Task MarkUnprovenAsync(UnprovenMark mark)
    {
        Record = Record with { Unproven = [.. Record.Unproven, mark] };
        return Task.CompletedTask;
    }

    public Task ClearUnprovenAsync(string positionId)
    {
        Record = Record with { Unproven = [.. Record.Unproven.Where(mark => mark.PositionId != positionId)] };
        return Task.CompletedTask;
    }

    public Task OnHeartbeatAsync(DateTimeOffset at) => Task.CompletedTask;

    /// <summary>The newest report.</summary>
    public FeedReport? Report { get; private set; }

    public Task ReportAsync(FeedReport report)
    {
        Report = report;
        return Task.CompletedTask;
    }

    public Task<FeedStatus> StatusAsync(string? desk) => Task.FromResult(FeedStatus.Unheard);

    public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions) => throw new NotSupportedException();

    public Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null) => throw new NotSupportedException();
}
