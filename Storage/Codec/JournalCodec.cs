using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Codec;

/// <summary>
/// Journal records, checkpoints and outbox reports as bytes. The first byte is the version of the form: a new version is added beside the old
/// one, whose bytes stay readable. The numbers of the domain's enums are part of the form: append to them, never reorder.
/// </summary>
internal static class JournalCodec
{
    private const byte RecordVersion = 1;
    private const byte CheckpointVersion = 1;
    private const byte ReportVersion = 1;

    public static byte[] Encode(JournalRecord record)
    {
        var to = new CodecWriter(RecordVersion);
        to.String(record.Desk);
        to.Long(record.Sequence);
        to.Instant(record.At);
        to.Count(record.Inputs.Count);
        foreach (var input in record.Inputs)
        {
            InputForm.Write(to, input);
        }

        WriteEpisodes(to, record.Episodes);
        to.Count(record.Outbox.Count);
        foreach (var report in record.Outbox)
        {
            EpisodeForm.Write(to, report);
        }

        EpisodeForm.Write(to, record.Totals);
        to.Long(record.LimitsVersion);
        to.Instant(record.NextValidityInstant);
        return to.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer program.</exception>
    public static JournalRecord DecodeRecord(ReadOnlySpan<byte> bytes)
    {
        var from = CodecReader.Open(bytes, RecordVersion, "journal record");
        var desk = from.String();
        var sequence = from.Long();
        var at = from.Instant();
        var inputs = new DeskInput[from.Count()];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = InputForm.Read(ref from);
        }

        var episodes = ReadEpisodes(ref from);
        var outbox = new EpisodeReport[from.Count()];
        for (var i = 0; i < outbox.Length; i++)
        {
            outbox[i] = EpisodeForm.ReadReport(ref from);
        }

        var record = new JournalRecord(
            desk, sequence, at, inputs, episodes, outbox, EpisodeForm.ReadTotals(ref from), from.Long(), from.InstantOrNull());
        from.End();
        return record;
    }

    public static byte[] Encode(DeskCheckpoint checkpoint)
    {
        var to = new CodecWriter(CheckpointVersion);
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

        LimitForm.Write(to, checkpoint.Limits);
        to.Instant(checkpoint.LimitsAsOf);
        WriteEpisodes(to, checkpoint.Episodes);
        InputForm.WriteNumbers(to, checkpoint.NumbersTaken);
        to.Byte((byte)checkpoint.FeedState);
        return to.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer program.</exception>
    public static DeskCheckpoint DecodeCheckpoint(ReadOnlySpan<byte> bytes)
    {
        var from = CodecReader.Open(bytes, CheckpointVersion, "desk checkpoint");
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

        var checkpoint = new DeskCheckpoint(
            desk,
            sequence,
            offsets,
            completed,
            building,
            LimitForm.ReadSet(ref from),
            from.Instant(),
            ReadEpisodes(ref from),
            InputForm.ReadNumbers(ref from),
            (FeedState)from.Byte());
        from.End();
        return checkpoint;
    }

    public static byte[] Encode(EpisodeReport report)
    {
        var to = new CodecWriter(ReportVersion);
        EpisodeForm.Write(to, report);
        return to.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer program.</exception>
    public static EpisodeReport DecodeReport(ReadOnlySpan<byte> bytes)
    {
        var from = CodecReader.Open(bytes, ReportVersion, "outbox report");
        var report = EpisodeForm.ReadReport(ref from);
        from.End();
        return report;
    }

    private static void WriteEpisodes(CodecWriter to, IReadOnlyList<Episode> episodes)
    {
        to.Count(episodes.Count);
        foreach (var episode in episodes)
        {
            EpisodeForm.Write(to, episode);
        }
    }

    private static Episode[] ReadEpisodes(ref CodecReader from)
    {
        var episodes = new Episode[from.Count()];
        for (var i = 0; i < episodes.Length; i++)
        {
            episodes[i] = EpisodeForm.ReadEpisode(ref from);
        }

        return episodes;
    }
}
