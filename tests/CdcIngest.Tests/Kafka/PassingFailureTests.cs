using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>A silo that dies, or a database that is restarted, is waited for.</summary>
public class PassingFailureTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_call_to_a_desk_that_gets_no_answer_is_given_up_and_repeated()
    {
        var desk = new SilentDesk();
        var dispatcher = new DeskDispatcher(
            "t", true, _ => desk, new IngestOptions { CallTimeout = TimeSpan.FromSeconds(2) }, new IngestMetrics(new Meters(), _clock), _clock, NullLogger.Instance, CancellationToken.None);
        var change = new PositionChange(new Delivery("t", 0, 7), "P1", null, null, null, null);
        dispatcher.Add("FX", change, new ReadState(new Watermark(), _clock.GetUtcNow(), default));

        var finished = dispatcher.FinishAsync();
        await Eventually.IsTrueAsync("the repeated call was answered", () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return finished.IsCompletedSuccessfully;
        });

        Assert.Equal(2, desk.Calls.Count);
        Assert.All(desk.Calls, batch => Assert.Equal([change], batch.Changes));
    }

    [Fact]
    public async Task A_call_to_the_feeds_grain_is_repeated_until_it_is_answered()
    {
        var feed = new FailingFeed(failures: 5);
        var retrying = new RetryingFeedGrain(feed, null!, TimeSpan.FromSeconds(2), _clock, NullLogger.Instance, CancellationToken.None);

        var marked = retrying.MarkUnprovenAsync(new UnprovenMark("lost", null, [], null, _clock.GetUtcNow()));
        await Eventually.IsTrueAsync("the call was answered", () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return marked.IsCompletedSuccessfully;
        });

        Assert.Equal(6, feed.Calls);
    }

    [Fact]
    public async Task A_stop_ends_the_repeating()
    {
        using var stopping = new CancellationTokenSource();
        var retrying = new RetryingFeedGrain(new FailingFeed(failures: int.MaxValue), null!, TimeSpan.FromSeconds(2), _clock, NullLogger.Instance, stopping.Token);
        var marked = retrying.MarkUnprovenAsync(new UnprovenMark("lost", null, [], null, _clock.GetUtcNow()));

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => marked);
    }

    [Fact]
    public void A_checkpoint_is_read_as_it_was_written()
    {
        var partition = new FeedPartition("t", 3);
        var source = new SourcePosition("binlog", 17, 4_000_000_000, 2);
        var at = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero).AddTicks(7);
        var checkpoint = new PartitionCheckpoint(
            new PartitionRecord(partition, 9_000_000_001, source, at, true, true, 9_000_000_000, long.MinValue, 2), at, false, [new DeletedPosition("P1", source, 4)], source, "id", 12);

        var read = CheckpointCodec.Read(CheckpointCodec.Write(checkpoint));

        Assert.Equal(checkpoint.Deleted, read.Deleted);
        Assert.Equal(checkpoint with { Deleted = [], Version = 1 }, read with { Deleted = [] });
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":2}""")]
    public void A_checkpoint_that_cannot_be_read_says_why(string bytes) =>
        Assert.Throws<InvalidDataException>(() => CheckpointCodec.Read(System.Text.Encoding.UTF8.GetBytes(bytes)));

    /// <summary>Never answers its first call.</summary>
    private sealed class SilentDesk : IDeskRiskGrain
    {
        public List<DeskBatch> Calls { get; } = [];

        public Task ApplyAsync(DeskBatch batch)
        {
            lock (Calls)
            {
                Calls.Add(batch);
                return Calls.Count == 1 ? new TaskCompletionSource().Task : Task.CompletedTask;
            }
        }

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync() => throw new NotSupportedException();

        public Task FoldAsync() => throw new NotSupportedException();

        public Task<DeskSummary> ReadSummaryAsync() => throw new NotSupportedException();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => throw new NotSupportedException();
    }

    private sealed class FailingFeed(int failures) : IFeedGrain
    {
        public int Calls { get; private set; }

        public Task MarkUnprovenAsync(UnprovenMark mark) => ++Calls <= failures ? Task.FromException(new TimeoutException("no silo has the grain")) : Task.CompletedTask;

        public Task<FeedRecord> OpenAsync() => throw new NotSupportedException();

        public Task CheckpointAsync(FeedCheckpoint checkpoint) => throw new NotSupportedException();

        public Task<SnapshotProgress> BeginSnapshotAsync(SnapshotOrigin origin, IReadOnlyList<FeedPartition> partitions) => throw new NotSupportedException();

        public Task<SnapshotProgress> PassSnapshotAsync(int generation, IReadOnlyList<FeedPartition> partitions, Delivery? lastRow, IReadOnlyList<string>? waiting = null) => throw new NotSupportedException();

        public Task ClearUnprovenAsync(string positionId) => throw new NotSupportedException();

        public Task OnHeartbeatAsync(DateTimeOffset at) => throw new NotSupportedException();

        public Task ReportAsync(FeedReport report) => throw new NotSupportedException();

        public Task<FeedStatus> StatusAsync(string? desk) => throw new NotSupportedException();
    }
}
