using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Kafka;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>A partition that comes back is opened after its last checkpoint, and not never.</summary>
public sealed class PartitionTasksTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _runs = new();

    [Fact]
    public async Task The_next_task_of_a_partition_begins_when_the_one_before_has_ended()
    {
        var tasks = Tasks();
        tasks.Begin(0, CancellationToken.None);
        await RunsAsync(1);
        tasks.Begin(0, CancellationToken.None);
        tasks.Begin(1, CancellationToken.None);
        await RunsAsync(2);

        Assert.True(_runs.TryPeek(out var first));
        first.SetResult();

        await RunsAsync(3);
    }

    [Fact]
    public async Task A_task_that_does_not_end_is_waited_for_within_bounds()
    {
        var tasks = Tasks();
        tasks.Begin(0, CancellationToken.None);
        await RunsAsync(1);
        tasks.Begin(0, CancellationToken.None);

        await Eventually.IsTrueAsync("the next one begins all the same", () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _runs.Count == 2;
        });
    }

    private Task RunsAsync(int count) => Eventually.IsTrueAsync($"{count} tasks have begun", () => _runs.Count == count);

    private PartitionTasks Tasks() => new(
        "t",
        (_, _) =>
        {
            var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _runs.Enqueue(run);
            return run.Task;
        },
        _clock,
        NullLogger.Instance);
}
