using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>The tasks of the partitions that are assigned, or were. One partition has one task at a time, so that a last checkpoint is stored before the next opening.</summary>
/// <param name="run">Runs a partition until it is cancelled.</param>
internal sealed partial class PartitionTasks(string topic, Func<int, CancellationToken, Task> run, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan s_saidAfter = TimeSpan.FromSeconds(2);

    /// <summary>After this the next opening does not wait any more: its epoch fences the task before it off.</summary>
    private static readonly TimeSpan s_waitsAtMost = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Task> _tasks = [];

    public void Begin(int partition, CancellationToken taken)
    {
        lock (_gate)
        {
            var before = _tasks.GetValueOrDefault(partition, Task.CompletedTask);
            _tasks[partition] = Task.Run(
                async () =>
                {
                    await WaitAsync(partition, before);
                    await run(partition, taken);
                },
                CancellationToken.None);
        }
    }

    public Task AllEnded()
    {
        lock (_gate)
        {
            return Task.WhenAll(_tasks.Values);
        }
    }

    private async Task WaitAsync(int partition, Task before)
    {
        if (await Task.WhenAny(before, Task.Delay(s_saidAfter, clock)) == before)
        {
            return;
        }

        LogWaits(new FeedPartition(topic, partition), s_saidAfter);
        if (await Task.WhenAny(before, Task.Delay(s_waitsAtMost - s_saidAfter, clock)) != before)
        {
            LogGoesOn(new FeedPartition(topic, partition), s_waitsAtMost);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} was assigned again, and its earlier reading has not ended after {Waited}: it is waited for")]
    private partial void LogWaits(FeedPartition partition, TimeSpan waited);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: its earlier reading has not ended after {Waited}. It is opened without waiting longer")]
    private partial void LogGoesOn(FeedPartition partition, TimeSpan waited);
}
