using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>A desk that does not take its changes holds up the partitions that carry them, up to a bound, and nothing else.</summary>
public sealed class FailingDeskTests : IAsyncDisposable
{
    private const string Sick = "Sick";
    private const int Partitions = 4;
    private const int ChangesOfEach = 600;
    private const int InBatch = 10;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryDesks _desks = new();
    private readonly InMemoryFeedGrain _feedGrain = new();
    private CancellationTokenSource _stop = new();
    private readonly Failing _sick;
    private readonly PartitionedLog _log;
    private Task _run = Task.CompletedTask;

    public FailingDeskTests()
    {
        _sick = new Failing(_desks.Of(Sick));
        _log = new PartitionedLog(Partitions, _clock);
    }

    public static TheoryData<bool> Kinds => [true, false];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Only_its_partition_waits_and_the_other_partitions_go_on(bool answers)
    {
        Fill(sickIn: [0]);
        _sick.Fail(answers);
        Run(Options());

        await ComesTrueAsync("all others have what their partitions hold", () => Enumerable.Range(1, Partitions - 1).All(partition => Held($"Desk {partition}") == ChangesOfEach));
        await ComesTrueAsync("its partition is paused", () => Of(0).IsPaused);

        await ComesTrueAsync("nothing waits in the others", () => Enumerable.Range(1, Partitions - 1).All(partition => Of(partition) is { IsPaused: false, WaitingSince: null }));
        await ComesTrueAsync("the report names it alone", () => _feedGrain.Report!.Desks is [{ Desk: Sick }]);
        // What lies behind the pause has not been read.
        Assert.InRange(Held("Desk 0"), 0, ChangesOfEach - 1);
    }

    [Fact]
    public async Task All_partitions_that_carry_its_changes_wait_and_no_other()
    {
        Fill(sickIn: [0, 2]);
        _sick.Fail(answers: true);
        Run(Options());

        await ComesTrueAsync("both are paused", () => Of(0).IsPaused && Of(2).IsPaused);
        await ComesTrueAsync("the others go on", () => Held("Desk 1") == ChangesOfEach && Held("Desk 3") == ChangesOfEach);

        Assert.False(Of(1).IsPaused || Of(3).IsPaused);
    }

    [Fact]
    public async Task What_waits_for_it_is_bounded_by_number()
    {
        Fill(sickIn: [0]);
        _sick.Fail(answers: true);
        Run(Options() with { MaxWaitingPerDesk = 50, MaxOutstanding = 100 });

        await PausedAndOthersDoneAsync();

        // Until the desk counts as one that does not answer, its changes are bounded as everybody's are.
        Assert.InRange(_feedGrain.Report!.Desks.Single().Changes, 50, 100 + InBatch);
    }

    [Fact]
    public async Task What_waits_for_it_is_bounded_by_size()
    {
        Fill(sickIn: [0], transaction: new string('x', 2_000));
        _sick.Fail(answers: true);
        Run(Options() with { MaxWaitingPerDesk = 10_000, MaxOutstanding = 10_000, MaxWaitingBytes = 100_000 });

        await PausedAndOthersDoneAsync();

        // Some 4,300 bytes each.
        Assert.InRange(_feedGrain.Report!.Desks.Single().Changes, 20, 25 + InBatch);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task When_it_takes_its_changes_again_all_of_them_arrive_in_order(bool answers)
    {
        Fill(sickIn: [0, 2]);
        _sick.Fail(answers);
        Run(Options());
        await ComesTrueAsync("both are paused", () => Of(0).IsPaused && Of(2).IsPaused);

        _sick.Recover();

        await ComesTrueAsync("everything has arrived", () => Held(Sick) == 2 * ChangesOfEach && Enumerable.Range(0, Partitions).All(partition => Held($"Desk {partition}") == ChangesOfEach));
        await ComesTrueAsync("nothing is paused", () => Enumerable.Range(0, Partitions).All(partition => Of(partition) is { IsPaused: false, WaitingSince: null }));
        await ComesTrueAsync("all offsets are stored", () => Enumerable.Range(0, Partitions).All(partition => _log.Committed.GetValueOrDefault(Id(partition)) == _log.EndOf(partition)));
        Assert.Empty(_feedGrain.Record.Unproven);
        foreach (var partition in new[] { 0, 2 })
        {
            var offsets = _sick.Offsets(partition);
            Assert.Equal(offsets.Order(), offsets);
        }
    }

    [Fact]
    public async Task A_run_that_ends_while_it_fails_stores_no_offset_past_its_changes()
    {
        Fill(sickIn: [0]);
        _sick.Fail(answers: true);
        Run(Options());
        await PausedAndOthersDoneAsync();
        await StopAsync();
        Assert.Equal(0, _log.Committed.GetValueOrDefault(Id(0)));

        _sick.Recover();
        Run(Options());

        await ComesTrueAsync("everything has arrived", () => Held(Sick) == ChangesOfEach && Held("Desk 0") == ChangesOfEach);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static FeedPartition Id(int partition) => new(PartitionedLog.Topic, partition);

    private static TestOptions Options() => new();

    /// <summary>Each partition has changes of a desk of its own; some have as many of the failing desk, one after the other.</summary>
    private void Fill(int[] sickIn, string? transaction = null)
    {
        for (var change = 0; change < ChangesOfEach; change++)
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                if (sickIn.Contains(partition))
                {
                    _log.Add(partition, $"S{partition}-{change}", Sick, change, transaction is null ? null : $"{transaction}{change}");
                }

                _log.Add(partition, $"P{partition}-{change}", $"Desk {partition}", change);
            }
        }
    }

    private void Run(TestOptions options)
    {
        var pipeline = new IngestPipeline(
            _log,
            _feedGrain,
            desk => desk == Sick ? _sick : _desks.Of(desk),
            new DebeziumDecoder(new DebeziumOptions()),
            _desks,
            new NoDeadLetters(),
            new IngestOptions
            {
                MaxBatch = 20,
                MaxOutstanding = options.MaxOutstanding,
                MaxWaitingPerDesk = options.MaxWaitingPerDesk,
                MaxWaitingBytes = options.MaxWaitingBytes,
                MaxReadMarks = 20,
                // With the fewest permits, a desk that keeps one for good would hold up all others.
                MaxCalls = 1,
                StuckAfter = TimeSpan.FromSeconds(1),
                CheckpointInterval = TimeSpan.Zero,
            },
            new IngestMetrics(new Meters(), _clock),
            _clock,
            NullLogger.Instance);
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _run = pipeline.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        _sick.Recover();
        await Eventually.IsTrueAsync("the run ends", () =>
        {
            _clock.Advance(s_step);
            return _run.IsCompleted;
        });
    }

    private async Task PausedAndOthersDoneAsync()
    {
        await ComesTrueAsync("its partition is paused", () => Of(0).IsPaused);
        await ComesTrueAsync("the others are done", () => Enumerable.Range(1, Partitions - 1).All(partition => Held($"Desk {partition}") == ChangesOfEach));
        await ComesTrueAsync("it alone waits", () => _feedGrain.Report!.Desks is [{ Desk: Sick }]);
    }

    private int Held(string desk) => _desks.Count(desk);

    private PartitionReport Of(int partition) =>
        _feedGrain.Report?.Partitions.Single(report => report.Partition == Id(partition)) ?? new PartitionReport(Id(partition), null, null, 0, IsPaused: false);

    /// <summary>Time goes on while it is waited for.</summary>
    private Task ComesTrueAsync(string what, Func<bool> condition) => Eventually.IsTrueAsync(what, () =>
    {
        Assert.False(_run.IsFaulted, _run.Exception?.ToString());
        _clock.Advance(s_step);
        return condition();
    });

    private sealed record TestOptions
    {
        public int MaxOutstanding { get; init; } = 400;

        public int MaxWaitingPerDesk { get; init; } = 50;

        public long MaxWaitingBytes { get; init; } = 1024 * 1024;
    }

    /// <summary>A desk that fails, or does not answer, for a while.</summary>
    private sealed class Failing(IDeskRiskGrain desk) : IDeskRiskGrain
    {
        private readonly ConcurrentQueue<Delivery> _applied = new();
        private volatile TaskCompletionSource? _recovery;
        private volatile bool _answers;

        public void Fail(bool answers)
        {
            _answers = answers;
            _recovery = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void Recover()
        {
            var recovery = _recovery;
            _recovery = null;
            recovery?.TrySetResult();
        }

        /// <summary>What it has taken of a partition, in the order in which it came.</summary>
        public IReadOnlyList<long> Offsets(int partition) => [.. _applied.Where(delivery => delivery.Partition == partition).Select(delivery => delivery.Offset)];

        public async Task ApplyAsync(DeskBatch batch)
        {
            if (_recovery is { } recovery)
            {
                if (_answers)
                {
                    throw new InvalidOperationException("the desk cannot write");
                }

                await recovery.Task;
            }

            foreach (var change in batch.Changes)
            {
                _applied.Enqueue(change.Delivery);
            }

            await desk.ApplyAsync(batch);
        }

        public Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState) => throw new NotSupportedException();

        public Task RefreshLimitsAsync() => throw new NotSupportedException();

        public Task FoldAsync() => throw new NotSupportedException();

        public Task<DeskSummary> ReadSummaryAsync() => throw new NotSupportedException();

        public Task<DeskView> ReadAsync(DeskDimensions dimensions) => throw new NotSupportedException();
    }
}
