using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>A database that ends a write in its own time holds up neither the next opening of a partition nor the end of the one before.</summary>
public sealed class SlowCheckpointTests
{
    private static readonly FeedPartition Partition = new("t", 0);

    private readonly FakeTimeProvider _clock = new();
    private readonly Rows _rows = new();

    [Fact]
    public async Task A_take_over_that_does_not_answer_is_given_up()
    {
        var opening = Store().TakeOverAsync(CancellationToken.None);
        await Eventually.IsTrueAsync("it is given up", () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return opening.IsCompleted;
        });

        await Assert.ThrowsAsync<TimeoutException>(() => opening);
    }

    [Fact]
    public async Task A_take_over_ends_with_its_assignment()
    {
        using var taken = new CancellationTokenSource();
        var opening = Store().TakeOverAsync(taken.Token);
        await _rows.Called.Task;

        await taken.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task The_last_checkpoint_is_not_waited_for_longer_than_three_seconds()
    {
        using var stopping = new CancellationTokenSource();
        var checkpoints = new Checkpoints(new NoStore(_rows), new PartitionedLog(1, _clock), TimeSpan.Zero, _clock, NullLogger.Instance, stopping.Token);
        var mark = new Watermark();
        mark.Close(new FeedCheckpoint([new PartitionRecord(Partition, 5, null, null, false, false)], null, null, null, [], null));
        checkpoints.Add(mark);
        await _rows.Called.Task;
        await stopping.CancelAsync();

        var stopped = checkpoints.StopAsync();
        Assert.False(stopped.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(3));

        await stopped;
    }

    private PartitionCheckpointStore Store() => new(_rows, null!, Partition, _clock);

    /// <summary>Takes calls, whatever their token says, and answers none.</summary>
    private sealed class Rows : IPartitionCheckpoints
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<OwnedCheckpoint> OpenAsync(string feed, string partition, CancellationToken cancellationToken) => Never<OwnedCheckpoint>();

        public Task<bool> StoreAsync(string feed, string partition, long epoch, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => Never<bool>();

        public Task<IReadOnlyList<OwnedCheckpoint>> ReadAsync(string feed, CancellationToken cancellationToken) => Never<IReadOnlyList<OwnedCheckpoint>>();

        private Task<T> Never<T>()
        {
            Called.TrySetResult();
            return new TaskCompletionSource<T>().Task;
        }
    }

    private sealed class NoStore(Rows rows) : ICheckpointStore
    {
        public Task<FeedRecord> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> StoreAsync(FeedCheckpoint checkpoint, CancellationToken cancellationToken) => rows.StoreAsync("t", "0", 1, default, CancellationToken.None);
    }
}
