using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// One member of the consumer group. Its own thread polls, because the client's calls block; everything else asks it through a queue. Each assigned
/// partition gets a task of its own, which ends when the partition is revoked.
/// </summary>
internal sealed partial class KafkaConsumer : IKafkaReader, IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly Func<TopicPartition, long> _endOf;
    private readonly string _topic;
    private readonly PartitionTasks _tasks;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly KafkaReadiness _readiness;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<int, Assignment> _assigned = new();
    private readonly ConcurrentQueue<Action> _requests = new();
    private readonly ConcurrentDictionary<int, long> _done = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="run">Runs a partition until it is cancelled.</param>
    public KafkaConsumer(KafkaOptions options, Func<int, CancellationToken, Task> run, KafkaReadiness readiness, IngestMetrics metrics, TimeProvider clock, ILogger logger)
    {
        _topic = options.Topic;
        _endOf = EndOf;
        _tasks = new PartitionTasks(options.Topic, run, clock, logger);
        _clock = clock;
        _readiness = readiness;
        _metrics = metrics;
        _logger = logger;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(KafkaClients.Consumer(options))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnTaken("revoked", partitions))
            .SetPartitionsLostHandler((_, partitions) => OnTaken("lost", partitions))
            .SetErrorHandler((_, error) => LogError(_topic, error.Code, error.Reason))
            .SetLogHandler((_, message) => LogClient(message.Message))
            .Build();
    }

    /// <summary>The partitions that are read now.</summary>
    public IEnumerable<KafkaPartition> Reading => _assigned.Values.Select(assignment => assignment.Reading).OfType<KafkaPartition>();

    public Task<bool> IsAssignedAsync(int partition, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Requests are served before a poll, and it is the poll that brings what the group has decided: so the second one answers.
        _requests.Enqueue(() => _requests.Enqueue(() => answer.SetResult(_assigned.ContainsKey(partition))));
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Begins to poll.</summary>
    /// <returns>Ends when the consumer has to be made anew, with the reason; or when it was stopped.</returns>
    public Task Start()
    {
        new Thread(Run) { IsBackground = true, Name = $"kafka {_topic}" }.Start();
        return _ended.Task;
    }

    /// <summary>Stops the partitions, so that their last checkpoints are stored, and then leaves the group, so that others go on from these.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        foreach (var partition in _assigned.Keys)
        {
            Take(partition);
        }

        await Task.WhenAny(_tasks.AllEnded(), Task.Delay(timeout, _clock));
        await _stopping.CancelAsync();
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Resume(KafkaPartition partition) => _requests.Enqueue(() =>
    {
        if (IsRead(partition))
        {
            Try(() => _consumer.Resume([Id(partition.Partition.Partition)]));
        }
    });

    public void Store(int partition, long offset) => _done[partition] = offset;

    public void Dispose()
    {
        _consumer.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        try
        {
            _consumer.Subscribe(_topic);
            while (!_stopping.IsCancellationRequested)
            {
                // A request that has to wait puts itself on the queue again.
                for (var requests = _requests.Count; requests > 0 && _requests.TryDequeue(out var request); requests--)
                {
                    request();
                }

                StoreDone();
                PollOnce();
            }

            StoreDone();
            _consumer.Close();
            _ended.TrySetResult();
        }
        catch (Exception exception)
        {
            foreach (var partition in _assigned.Keys)
            {
                Take(partition);
            }

            _ended.TrySetException(exception);
        }
    }

    private void PollOnce()
    {
        try
        {
            if (_consumer.Consume(s_poll) is not { } fetched || !_assigned.TryGetValue(fetched.Partition.Value, out var assignment) || assignment.Reading is not { } reading)
            {
                // Before a partition was opened, what comes of it is not ours to process: it is sought afterwards.
                return;
            }

            if (fetched.IsPartitionEOF)
            {
                reading.AtEnd(fetched.Offset.Value);
            }
            else if (!reading.Add(fetched, _endOf))
            {
                Try(() => _consumer.Pause([fetched.TopicPartition]));
            }
        }
        catch (ConsumeException failed) when (!failed.Error.IsFatal)
        {
            OnFailed(failed);
        }
    }

    private long EndOf(TopicPartition partition)
    {
        try
        {
            return _consumer.GetWatermarkOffsets(partition).High.Value;
        }
        catch (KafkaException)
        {
            // The group has just taken the partition away: its pipeline ends, and does not need to know what follows.
            return Offset.Unset.Value;
        }
    }

    private void OnFailed(ConsumeException failed)
    {
        LogError(_topic, failed.Error.Code, failed.Error.Reason);
        var concernsOffsets = failed.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange;
        if (concernsOffsets && failed.ConsumerRecord is { } record && _assigned.TryGetValue(record.Partition.Value, out var assignment))
        {
            // The client has stopped to fetch the partition, and refuses to seek in it.
            assignment.IsHalted = true;
            assignment.Reading?.Interrupt(failed.Error.Reason);
            _metrics.Assigned(record.Partition.Value, isRead: false);
        }
    }

    private IEnumerable<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        _metrics.Rebalanced("assigned", partitions.Count);
        LogRebalanced(_topic, "assigned", string.Join(',', partitions.Select(partition => partition.Partition.Value)));
        _readiness.OnMember();
        foreach (var partition in partitions.Select(partition => partition.Partition.Value))
        {
            var assignment = new Assignment();
            _assigned[partition] = assignment;
            _metrics.Assigned(partition, isRead: false);
            _tasks.Begin(partition, assignment.Taken.Token);
        }

        // From their ends nothing is fetched until the partitions have been opened, and are sought.
        return partitions.Select(partition => new TopicPartitionOffset(partition, Offset.End));
    }

    private void OnTaken(string change, List<TopicPartitionOffset> partitions)
    {
        _metrics.Rebalanced(change, partitions.Count);
        LogRebalanced(_topic, change, string.Join(',', partitions.Select(partition => partition.Partition.Value)));
        foreach (var partition in partitions)
        {
            Take(partition.Partition.Value);
        }
    }

    private void Take(int partition)
    {
        if (_assigned.TryRemove(partition, out var assignment))
        {
            assignment.Taken.Cancel();
            _metrics.Lag(partition, null);
            _metrics.Assigned(partition, isRead: null);
        }

        _done.TryRemove(partition, out _);
    }

    private void StoreDone()
    {
        foreach (var (partition, offset) in _done)
        {
            if (_done.TryRemove(new KeyValuePair<int, long>(partition, offset)))
            {
                // A partition that is being revoked refuses this, and its next owner shows its own.
                Try(() => _consumer.StoreOffset(new TopicPartitionOffset(_topic, partition, offset)));
            }
        }
    }

    private bool IsRead(KafkaPartition partition) => _assigned.TryGetValue(partition.Partition.Partition, out var assignment) && assignment.Reading == partition;

    private TopicPartition Id(int partition) => new(_topic, partition);

    private void Try(Action call)
    {
        try
        {
            call();
        }
        catch (KafkaException failed)
        {
            LogRefused(_topic, failed.Error.Reason);
        }
    }
}
