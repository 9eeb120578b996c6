using Confluent.Kafka;

namespace RiskMonitor.CdcIngest.Kafka;

// How an assigned partition comes to be read from the offset at which it was opened.
internal sealed partial class KafkaConsumer
{
    /// <summary>A partition that cannot be sought for so long is no longer fetched by the client, and is assigned anew.</summary>
    private static readonly TimeSpan s_seekTimeout = TimeSpan.FromSeconds(1);

    public void Begin(KafkaPartition partition, long offset) => _requests.Enqueue(() =>
    {
        if (_assigned.TryGetValue(partition.Partition.Partition, out var assignment))
        {
            StopReading(assignment, partition);
            assignment.Wanted = partition;
            assignment.SoughtSince = _clock.GetTimestamp();
            Seek(assignment, partition, offset);
        }
    });

    public void End(KafkaPartition partition) => _requests.Enqueue(() =>
    {
        if (IsRead(partition) && _assigned.TryGetValue(partition.Partition.Partition, out var assignment))
        {
            StopReading(assignment, partition);
        }
    });

    private void StopReading(Assignment assignment, KafkaPartition partition)
    {
        assignment.Reading = null;
        _metrics.Assigned(partition.Partition.Partition, isRead: false);
    }

    private void Seek(Assignment assignment, KafkaPartition partition, long offset)
    {
        var number = partition.Partition.Partition;
        if (assignment.Taken.IsCancellationRequested || assignment.Wanted != partition)
        {
            // The partition was taken, or opened again meanwhile.
            return;
        }

        var begin = new TopicPartitionOffset(_topic, number, offset);
        try
        {
            if (assignment.IsHalted)
            {
                // Only this makes the client fetch again. The group does not notice: it has no part in what a member reads of its partitions.
                Try(() => _consumer.IncrementalUnassign([begin.TopicPartition]));
                _consumer.IncrementalAssign([begin]);
            }
            else
            {
                _consumer.Seek(begin);
            }

            _consumer.Resume([begin.TopicPartition]);
            assignment.IsHalted = false;
            assignment.Reading = partition;
            _metrics.Assigned(number, isRead: true);
        }
        catch (KafkaException failed)
        {
            // The client has not begun to fetch the partition yet, or never will.
            if (_clock.GetElapsedTime(assignment.SoughtSince) >= s_seekTimeout)
            {
                LogNotSought(partition.Partition, offset, failed.Error.Reason);
                assignment.SoughtSince = _clock.GetTimestamp();
                assignment.IsHalted = true;
            }

            _requests.Enqueue(() => Seek(assignment, partition, offset));
        }
    }

    /// <summary>A partition from its assignment until it is taken.</summary>
    private sealed class Assignment
    {
        public CancellationTokenSource Taken { get; } = new();

        /// <summary>The newest opening.</summary>
        public KafkaPartition? Wanted { get; set; }

        /// <summary>When the client was first asked to begin there.</summary>
        public long SoughtSince { get; set; }

        /// <summary>The client fetches nothing of the partition until it is assigned anew.</summary>
        public bool IsHalted { get; set; }

        /// <summary>Null until the partition was opened and sought.</summary>
        public KafkaPartition? Reading { get; set; }
    }
}
