using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Codec;

/// <summary>The binary form of checkpoints.</summary>
internal static class CheckpointCodec
{
    public static void Write(CodecWriter to, DeskCheckpoint checkpoint)
    {
        to.String(checkpoint.Desk);
        to.Long(checkpoint.Sequence);
        to.Count(checkpoint.Offsets.Count);
        foreach (var (partition, offset) in checkpoint.Offsets)
        {
            to.String(partition.Topic);
            to.Int(partition.Partition);
            to.Long(offset);
        }

        to.Count(checkpoint.Completed.Count);
        foreach (var (feed, generation) in checkpoint.Completed)
        {
            to.String(feed);
            to.Int(generation);
        }

        to.Count(checkpoint.Building.Count);
        foreach (var feed in checkpoint.Building)
        {
            to.String(feed);
        }

        LimitCodec.Write(to, checkpoint.Limits);
        to.Instant(checkpoint.LimitsAsOf);
        EpisodeCodec.WriteAll(to, checkpoint.Episodes);
        InputCodec.WriteNumbers(to, checkpoint.NumbersTaken);
        to.Byte((byte)checkpoint.FeedState);
        to.Instant(checkpoint.AppliedThrough);
    }

    /// <param name="tellsAppliedThrough">False for forms from before it was kept.</param>
    public static DeskCheckpoint Read(ref CodecReader from, bool tellsAppliedThrough)
    {
        var desk = from.String();
        var sequence = from.Long();
        var offsets = new Dictionary<FeedPartition, long>();
        for (var left = from.Count(); left > 0; left--)
        {
            offsets.Add(new FeedPartition(from.String(), from.Int()), from.Long());
        }

        var completed = new Dictionary<string, int>();
        for (var left = from.Count(); left > 0; left--)
        {
            completed.Add(from.String(), from.Int());
        }

        var building = new HashSet<string>();
        for (var left = from.Count(); left > 0; left--)
        {
            building.Add(from.String());
        }

        return new DeskCheckpoint(
            desk,
            sequence,
            offsets,
            completed,
            building,
            LimitCodec.ReadSet(ref from),
            from.Instant(),
            EpisodeCodec.ReadAll(ref from),
            InputCodec.ReadNumbers(ref from),
            (FeedState)from.Byte(),
            tellsAppliedThrough ? from.InstantOrNull() : null);
    }
}
