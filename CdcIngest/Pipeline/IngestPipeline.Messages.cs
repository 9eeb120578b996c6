using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// One message: what it means, and whether it is new.
internal sealed partial class IngestPipeline
{
    /// <summary>Handles one message. Afterwards its changes are in the queues of their desks.</summary>
    private async ValueTask ProcessAsync(FeedMessage message, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        var partition = PartitionOf(message.Delivery.FeedPartition);
        if (!feed.IsTotallyOrdered && (_skipped.Contains(partition.Partition) || _dispatcher.IsPaused(partition.Partition)))
        {
            // Once a message was left out, all that follow it are, even when the partition is no longer paused: they must not overtake it.
            _skipped.Add(partition.Partition);
            return;
        }

        var fingerprint = MessageFingerprint.Of(message);
        var decoded = decoder.Decode(message);
        if (message.Delivery.Offset < partition.NextOffset && !await IsOtherMessageAsync(decoded, message.Delivery, fingerprint, partition, readAt))
        {
            return;
        }

        if (_first == FirstMessage.Unknown && owned is not null)
        {
            await OnFirstMessageAsync(decoded);
        }

        partition.Pass(message.Delivery.Offset, fingerprint);
        switch (decoded)
        {
            case DecodedMessage.Row row:
                await ApplyRowAsync(row, message.Delivery, partition, readAt);
                break;
            case DecodedMessage.Tombstone deleted when _tombstonesFollowDeletes != true && _sharedTopics.Contains(message.Delivery.Topic):
                var doubt = new DecodedMessage.Unreadable("a null value in a topic that carries other tables, too: it does not tell of which", deleted.PositionId);
                await RecordUnreadableAsync(doubt, message, partition, readAt, cancellationToken);
                break;
            case DecodedMessage.Tombstone deleted:
                await ApplyTombstoneAsync(deleted, message.Delivery, partition, readAt);
                break;
            case DecodedMessage.Truncate truncate when feed.TruncateIsEmptySnapshot:
                _counts.Add("truncate", "applied");
                await _snapshot.OnEmptyTableAsync(truncate.Source, message.Delivery);
                break;
            case DecodedMessage.Truncate:
                _counts.Add("truncate", "counted");
                await MarkUnprovenAsync(new UnprovenMark("the table was truncated", null, [], message.Delivery, readAt));
                break;
            case DecodedMessage.Heartbeat:
                _counts.Add("heartbeat", "counted");
                break;
            case DecodedMessage.Ignored ignored:
                _counts.Add(ignored.Kind, "counted");
                break;
            case DecodedMessage.OtherTable other:
                await CountOtherTableAsync(other, message.Delivery, readAt);
                break;
            case DecodedMessage.Unreadable unreadable:
                await RecordUnreadableAsync(unreadable, message, partition, readAt, cancellationToken);
                break;
        }
    }

    private PartitionOrder PartitionOf(FeedPartition key)
    {
        if (_lastPartition?.Partition == key)
        {
            return _lastPartition;
        }

        if (!_partitions.TryGetValue(key, out var partition))
        {
            _partitions.Add(key, partition = new PartitionOrder(key));
        }

        return _lastPartition = partition;
    }
}
