using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>The book is in memory once for all partitions of a process, and no reading of it holds them up for ever.</summary>
public sealed class SharedPositionsTests
{
    private const int Positions = 20_000;

    private static readonly FeedPartition Partition = new("t", 0);

    private readonly FakeTimeProvider _clock = new();
    private readonly Directory _directory = new();

    [Fact]
    public async Task Twelve_partitions_take_little_more_than_one_book()
    {
        _directory.Held.AddRange(Enumerable.Range(0, Positions).Select(number => new HeldBy($"P{number}", $"Desk {number % 200}", null, 1)));
        var book = Allocated(() =>
        {
            var alone = new PositionOwnership();
            _directory.Held.ForEach(alone.Load);
        });
        var shared = Shared();
        await shared.ReadAsync(CancellationToken.None);
        var desks = new List<string>();

        var partitions = Allocated(() =>
        {
            for (var partition = 0; partition < 12; partition++)
            {
                var ownership = new PositionOwnership();
                ownership.Share(shared);
                for (var number = partition; number < Positions; number += 12)
                {
                    ownership.Move(_directory.Held[number].PositionId, "Elsewhere", null, null, Partition, 1, desks);
                }
            }
        });

        // Each of them has moved its twelfth of the positions. A book for each would be 12.
        Assert.InRange(partitions / (double)book, 0, 3);
    }

    [Fact]
    public async Task What_one_partition_moves_is_its_own()
    {
        _directory.Held.Add(new HeldBy("P", "A", null, 1));
        var shared = Shared();
        await shared.ReadAsync(CancellationToken.None);
        var (one, other) = (new PositionOwnership(), new PositionOwnership());
        one.Share(shared);
        other.Share(shared);
        var desks = new List<string>();

        one.Move("P", "B", null, null, Partition, 1, desks);
        Assert.Equal(["A"], desks);
        Assert.Equal(["B"], one.DesksOf("P"));
        Assert.Equal(["A"], other.DesksOf("P"));

        one.Move("P", null, null, null, Partition, 1, desks);
        Assert.Equal(["B"], desks);
        Assert.Equal((false, true), (one.Holds("P"), other.Holds("P")));

        one.Move("P", "C", null, null, Partition, 1, desks);
        Assert.Empty(desks);
        Assert.Equal(["C"], one.DesksOf("P"));
    }

    [Fact]
    public async Task A_later_opening_reads_anew_and_all_partitions_go_by_it()
    {
        _directory.Held.Add(new HeldBy("P", "A", null, 1));
        var shared = Shared();
        await shared.ReadAsync(CancellationToken.None);
        var first = new PositionOwnership();
        first.Share(shared);
        first.Move("P", "B", null, null, Partition, 1, []);
        _directory.Held.Add(new HeldBy("Q", "A", null, 1));

        await shared.ReadAsync(CancellationToken.None);

        Assert.Equal(["B"], first.DesksOf("P"));
        Assert.Equal(["A"], first.DesksOf("Q"));
        Assert.Equal(2, _directory.Readings);
    }

    [Fact]
    public async Task An_opening_does_not_wait_for_a_reading_that_hangs()
    {
        var shared = Shared();
        _directory.Hangs = true;
        var hanging = shared.ReadAsync(CancellationToken.None);
        await Eventually.IsTrueAsync("the first reading hangs", () => _directory.Readings == 1);
        _directory.Hangs = false;
        _directory.Held.Add(new HeldBy("P", "A", null, 1));

        var opening = shared.ReadAsync(CancellationToken.None);
        await EndsAsync("the opening waits no longer", opening);
        await opening;

        Assert.NotNull(shared.Current.Find("P"));
        await EndsAsync("the hanging reading is given up", hanging);
        await Assert.ThrowsAsync<TimeoutException>(() => hanging);
        Assert.NotNull(shared.Current.Find("P"));
    }

    private Task EndsAsync(string what, Task task) => Eventually.IsTrueAsync(what, () =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return task.IsCompleted;
    });

    private SharedPositions Shared() => new(_directory, _clock, NullLogger.Instance);

    /// <summary>What is allocated does not depend on the machine, nor on other tests.</summary>
    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Directory : IPositionDirectory
    {
        public List<HeldBy> Held { get; } = [];

        public int Readings { get; private set; }

        public bool Hangs { get; set; }

        public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Readings++;
            if (Hangs)
            {
                await new TaskCompletionSource().Task;
            }

            foreach (var held in Held.ToList())
            {
                yield return held;
            }
        }
    }
}
