using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// An offset that was read before is a repeat, or the topic was re-created under its old name: then the message is another one and has to be applied.
internal sealed partial class IngestPipeline
{
    /// <summary>Whether a message at an offset that was read before is another message than the one read then, and has to be handled.</summary>
    private async ValueTask<bool> IsOtherMessageAsync(
        DecodedMessage decoded, Delivery delivery, long fingerprint, PartitionOrder partition, DateTimeOffset readAt)
    {
        var wasRead = partition.WasRead(delivery.Offset, fingerprint);
        if (wasRead == true)
        {
            _counts.Add(Op(decoded), "repeat");
            partition.FirstUnexplainedRepeat = null;
            return false;
        }

        if (partition.Partition.Partition < 0)
        {
            // A line of a replay file that is no message: the file was changed.
            return true;
        }

        var row = decoded as DecodedMessage.Row;
        if (wasRead == false || (row is not null && partition.IsCertainlyNewer(row)))
        {
            await RestartPartitionAsync(partition, delivery, readAt);
            return true;
        }

        var isHarmless = decoded is DecodedMessage.Heartbeat or DecodedMessage.Ignored or DecodedMessage.OtherTable
            || (decoded is DecodedMessage.Tombstone && _tombstonesFollowDeletes == true)
            || (row is not null && partition.IsCertainlyOld(row, _ownership.LastOf(row.PositionId)));
        if (!isHarmless)
        {
            partition.FirstUnexplainedRepeat ??= delivery;
        }

        _counts.Add(Op(decoded), "repeat");
        return false;
    }

    private async ValueTask RestartPartitionAsync(PartitionOrder partition, Delivery delivery, DateTimeOffset readAt)
    {
        LogRecreated(partition.Partition, delivery.Offset, partition.NextOffset - 1);
        await MarkUnprovenAsync(new UnprovenMark(
            $"{partition.Partition} began again at offset {delivery.Offset} after {partition.NextOffset - 1}: the topic was made anew under its old name. "
            + "What it brings is applied; what the old one still held may be lost, until a new snapshot is taken",
            null, [], null, readAt));
        await ApplyTombstonesAsync(partition, readAt);
        partition.Restart(delivery.Offset);
    }

    /// <summary>At a partition's end: marks the feed unproven if messages were skipped as repeats and nothing has shown that they were.</summary>
    private async ValueTask SettleDoubtAsync(PartitionOrder partition, DateTimeOffset readAt)
    {
        if (partition.FirstUnexplainedRepeat is { } first)
        {
            partition.FirstUnexplainedRepeat = null;
            await MarkUnprovenAsync(new UnprovenMark(
                $"messages of {partition.Partition} from offset {first.Offset} on were passed over, because those offsets had been read before, and nothing shows "
                + "that they are the same messages; they do not count until a new snapshot is taken",
                null, [], null, readAt));
        }
    }

    private static string Op(DecodedMessage decoded) => decoded switch
    {
        DecodedMessage.Row { Snapshot: not SnapshotMark.None } => "snapshot",
        DecodedMessage.Row { After: null } => "delete",
        DecodedMessage.Row => "upsert",
        DecodedMessage.Tombstone => "null",
        DecodedMessage.Truncate => "truncate",
        DecodedMessage.Heartbeat => "heartbeat",
        DecodedMessage.Ignored ignored => ignored.Kind,
        DecodedMessage.OtherTable => "other_table",
        _ => "unreadable",
    };
}
