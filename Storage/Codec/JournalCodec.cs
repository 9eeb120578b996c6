using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Codec;

/// <summary>
/// Journal records, checkpoints and outbox reports as bytes. The first byte is the version of the form: a new version is added beside the old
/// one, whose bytes stay readable. The numbers of the domain's enums are part of the form: append to them, never reorder.
/// </summary>
internal static class JournalCodec
{
    private const byte RecordVersion = 2;
    private const byte CheckpointVersion = 2;
    private const byte ReportVersion = 1;

    public static byte[] Encode(JournalRecord record)
    {
        var to = CodecWriter.Begin(RecordVersion);
        to.String(record.Desk);
        to.Long(record.Sequence);
        to.Instant(record.At);
        to.Count(record.Inputs.Count);
        foreach (var input in record.Inputs)
        {
            InputCodec.Write(to, input);
        }

        EpisodeCodec.WriteAll(to, record.Episodes);
        to.Count(record.Outbox.Count);
        foreach (var report in record.Outbox)
        {
            EpisodeCodec.Write(to, report);
        }

        EpisodeCodec.Write(to, record.Totals);
        to.Long(record.LimitsVersion);
        to.Instant(record.NextValidityInstant);
        return to.ToSealedArray();
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
            inputs[i] = InputCodec.Read(ref from);
        }

        var episodes = EpisodeCodec.ReadAll(ref from);
        var outbox = new EpisodeReport[from.Count()];
        for (var i = 0; i < outbox.Length; i++)
        {
            outbox[i] = EpisodeCodec.ReadReport(ref from);
        }

        var record = new JournalRecord(
            desk, sequence, at, inputs, episodes, outbox, EpisodeCodec.ReadTotals(ref from), from.Long(), from.InstantOrNull());
        from.End();
        return record;
    }

    public static byte[] Encode(DeskCheckpoint checkpoint)
    {
        var to = CodecWriter.Begin(CheckpointVersion);
        CheckpointCodec.Write(to, checkpoint);
        return to.ToSealedArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer program.</exception>
    public static DeskCheckpoint DecodeCheckpoint(ReadOnlySpan<byte> bytes)
    {
        var from = CodecReader.Open(bytes, CheckpointVersion, "desk checkpoint");
        var checkpoint = CheckpointCodec.Read(ref from, tellsAppliedThrough: from.Version >= 2);
        from.End();
        return checkpoint;
    }

    public static byte[] Encode(EpisodeReport report)
    {
        var to = CodecWriter.Begin(ReportVersion);
        EpisodeCodec.Write(to, report);
        return to.ToSealedArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer program.</exception>
    public static EpisodeReport DecodeReport(ReadOnlySpan<byte> bytes)
    {
        var from = CodecReader.Open(bytes, ReportVersion, "outbox report");
        var report = EpisodeCodec.ReadReport(ref from);
        from.End();
        return report;
    }
}
