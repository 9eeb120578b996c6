using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>A source that pauses within its snapshot looks like one that has ended: what is made of that is doubtful until the end is seen.</summary>
public class SnapshotReadingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SourcePosition Taken = new("binlog", 1, 100, 0);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly FeedPartition[] Partitions = [new("t", 0), new("t", 1)];

    private readonly OneFeed _feed = new();
    private readonly PartitionOrder[] _orders = [.. Partitions.Select(partition => new PartitionOrder(partition))];
    private SnapshotReading _reading;

    public SnapshotReadingTests() => _reading = NewReading();

    [Fact]
    public async Task A_snapshot_that_pauses_is_complete_and_unproven()
    {
        await RowAsync(SnapshotMark.First, 0);
        await RowAsync(SnapshotMark.Within, 1);
        await _reading.CheckQuietAsync(Noon + Quiet - TimeSpan.FromSeconds(1));
        Assert.True(_feed.Record.Snapshot.IsBuilding);

        await _reading.CheckQuietAsync(Noon + Quiet);

        Assert.False(_feed.Record.Snapshot.IsBuilding);
        Assert.Contains("last row was not seen", Assert.Single(_feed.Record.Unproven).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_row_that_comes_late_ends_the_doubt(bool afterARestart)
    {
        await RowAsync(SnapshotMark.First, 0);
        await _reading.CheckQuietAsync(Noon + Quiet);
        _reading = afterARestart ? NewReading() : _reading;

        await RowAsync(SnapshotMark.Within, 1);
        Assert.Single(_feed.Record.Unproven);
        await RowAsync(SnapshotMark.Last, 1);

        Assert.Empty(_feed.Record.Unproven);
    }

    [Fact]
    public async Task Live_changes_in_every_partition_end_the_doubt()
    {
        await RowAsync(SnapshotMark.First, 0);
        await _reading.CheckQuietAsync(Noon + Quiet);

        await RowAsync(SnapshotMark.None, 0);
        Assert.Single(_feed.Record.Unproven);
        await RowAsync(SnapshotMark.None, 1);

        Assert.Empty(_feed.Record.Unproven);
    }

    [Fact]
    public async Task A_form_that_marks_no_last_row_ends_by_silence_alone()
    {
        await RowAsync(SnapshotMark.Unmarked, 0);
        await _reading.CheckQuietAsync(Noon + Quiet);

        Assert.False(_feed.Record.Snapshot.IsBuilding);
        Assert.Empty(_feed.Record.Unproven);
    }

    [Fact]
    public async Task A_snapshot_whose_last_row_was_seen_is_complete_without_doubt()
    {
        await RowAsync(SnapshotMark.First, 0);
        await RowAsync(SnapshotMark.Last, 1);
        await _reading.CheckQuietAsync(Noon + Quiet);

        Assert.False(_feed.Record.Snapshot.IsBuilding);
        Assert.Empty(_feed.Record.Unproven);
    }

    [Fact]
    public async Task A_restart_after_one_partition_has_passed_does_not_take_the_last_row_for_seen()
    {
        await RowAsync(SnapshotMark.First, 0);
        await RowAsync(SnapshotMark.None, 0);
        _reading = NewReading();

        await _reading.OnEndReachedAsync(Partitions[1]);

        Assert.True(_feed.Record.Snapshot.IsBuilding);
    }

    private SnapshotReading NewReading()
    {
        var dispatcher = new DeskDispatcher("t", false, _ => throw new InvalidOperationException(), new IngestOptions(), new IngestMetrics(new Meters(), TimeProvider.System), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        return new SnapshotReading(_feed, _feed, dispatcher, Quiet, _feed.Record);
    }

    private async Task RowAsync(SnapshotMark mark, int partition)
    {
        var source = mark == SnapshotMark.None ? Taken with { Offset = 200 } : Taken;
        await _reading.OnRowAsync(
            new DecodedMessage.Row("P1", null, null, mark, source, null, null, MarksDeletes: true), new Delivery("t", partition, 0), _orders[partition], Noon);
    }

    /// <summary>A feed of two partitions, and what is stored of it.</summary>
    private sealed class OneFeed : IChangeFeed, IFeedGrain
    {
        public FeedRecord Record { get; private set; } = new() { Partitions = [.. Partitions.Select(partition => new PartitionRecord(partition, 0, null, null, false, false))] };

        public string Name => "t";

        public bool IsTotallyOrdered => false;

        public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FeedPartition>>(Partitions);

        public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions)
        {
            Record = Record with { Snapshot = Record.Snapshot with { Generation = Record.Snapshot.Generation + 1 }, SnapshotSource = origin.Source, SnapshotAt = origin.At, Building = partitions, LastSnapshotRow = null };
            return Task.FromResult(Record.Snapshot);
        }

        public Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null)
        {
            var building = Record.Building.Except(partitions).ToList();
            Record = building.Count > 0
                ? Record with { Building = building, LastSnapshotRow = lastRow ?? Record.LastSnapshotRow }
                : Record with { Building = [], Snapshot = new SnapshotProgress(generation, new CompletedSnapshot(generation, lastRow)) };
            return Task.FromResult(Record.Snapshot);
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

        public Task<FeedRecord> OpenAsync() => throw new NotSupportedException();

        public Task CheckpointAsync(FeedCheckpoint checkpoint) => throw new NotSupportedException();

        public Task OnHeartbeatAsync(DateTimeOffset at) => throw new NotSupportedException();

        public Task ReportAsync(FeedReport report) => throw new NotSupportedException();

        public Task<FeedStatus> StatusAsync(string? desk) => throw new NotSupportedException();

        public IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
