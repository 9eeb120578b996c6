using System.Text;
using System.Text.Json;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>Reads what a message says about its change's place in the source, its transaction and its times.</summary>
internal sealed class SourceReader
{
    private string lastTransaction = "";
    private LogFile? lastFile;
    private KnownOrigin? lastOrigin;

    /// <summary>Null where the form does not carry it.</summary>
    public SourcePosition? Position(in MetadataSlots metadata)
    {
        if (metadata.File.IsMissing || metadata.Offset.IsMissing)
        {
            return null;
        }

        if (metadata.File.Kind != JsonTokenType.String)
        {
            throw ColumnReader.Unexpected("", "source.file", "the name of a log file", metadata.File);
        }

        var offset = ColumnReader.Number(metadata.Offset, "source.pos");
        var row = metadata.Row.IsMissing ? 0 : ColumnReader.Number(metadata.Row, "source.row");
        if (row is < 0 or > int.MaxValue)
        {
            throw ColumnReader.Unexpected("", "source.row", "a row number", metadata.Row);
        }

        return File(metadata.File.Text()) is { } file ? file with { Offset = offset, Row = (int)row } : null;
    }

    /// <summary>The transaction of a live change. A snapshot's row has none: the gtid beside an incremental one is only where its chunk was read.</summary>
    public string? TransactionId(in MetadataSlots metadata, SnapshotMark mark)
    {
        if (mark != SnapshotMark.None)
        {
            return null;
        }

        var slot = metadata.Gtid.IsMissing ? metadata.TransactionId : metadata.Gtid;
        if (slot.Kind != JsonTokenType.String)
        {
            return null;
        }

        // The changes of a transaction follow each other, and most transactions have one.
        var id = slot.Text();
        var last = Volatile.Read(ref lastTransaction);
        if (!Ascii.Equals(id, last))
        {
            last = Encoding.UTF8.GetString(id);
            Volatile.Write(ref lastTransaction, last);
        }

        return last;
    }

    /// <summary>The server and database that a row is of, as one text; the topic where the message does not name a database.</summary>
    public string Origin(in MetadataSlots metadata, string topic)
    {
        if (metadata.Database.Kind != JsonTokenType.String)
        {
            return topic;
        }

        var server = metadata.Server.Kind == JsonTokenType.String ? metadata.Server.Text() : [];
        var database = metadata.Database.Text();
        var known = Volatile.Read(ref lastOrigin);
        if (known is null || !server.SequenceEqual(known.Server) || !database.SequenceEqual(known.Database))
        {
            known = new KnownOrigin(server.ToArray(), database.ToArray(), $"{Encoding.UTF8.GetString(server)}\n{Encoding.UTF8.GetString(database)}");
            Volatile.Write(ref lastOrigin, known);
        }

        return known.Text;
    }

    /// <summary>Null where the form does not carry a commit time.</summary>
    public static SourceTime? Time(in MetadataSlots metadata)
    {
        if (metadata.CommittedMilliseconds.IsMissing)
        {
            return null;
        }

        var connectorAt = metadata.ConnectorMilliseconds.IsMissing ? (DateTimeOffset?)null : Milliseconds(metadata.ConnectorMilliseconds, "ts_ms");
        var committedAt = Milliseconds(metadata.CommittedMilliseconds, "source.ts_ms");
        if (!metadata.CommittedMicroseconds.IsMissing)
        {
            var microseconds = ColumnReader.Number(metadata.CommittedMicroseconds, "source.ts_us");
            committedAt = committedAt.AddMicroseconds(Math.Max(0, microseconds % 1000));
        }

        return new SourceTime(committedAt, committedAt.Ticks % TimeSpan.TicksPerSecond == 0, connectorAt);
    }

    public static DateTimeOffset Milliseconds(in JsonSlot slot, string field) =>
        TimeText.TryFromMilliseconds(ColumnReader.Number(slot, field), out var time)
            ? time
            : throw ColumnReader.Unexpected("", field, "milliseconds since 1970", slot);

    /// <param name="isRead">The row was read from the table (<c>op=r</c>).</param>
    public static SnapshotMark Mark(in JsonSlot slot, bool isRead)
    {
        if (slot.IsMissing || slot.Kind == JsonTokenType.False || slot.Is("false"u8))
        {
            return isRead ? SnapshotMark.Unmarked : SnapshotMark.None;
        }

        // One table is all that is read, so the end of its rows is the end of the snapshot.
        return slot.Is("first"u8) || slot.Is("first_in_data_collection"u8) ? SnapshotMark.First
            : slot.Is("last"u8) || slot.Is("last_in_data_collection"u8) ? SnapshotMark.Last
            : slot.Is("true"u8) || slot.Kind == JsonTokenType.True ? SnapshotMark.Within
            : slot.Is("incremental"u8) ? SnapshotMark.Incremental
            : throw ColumnReader.Unexpected("", "source.snapshot", "a known snapshot mark", slot);
    }

    private SourcePosition? File(ReadOnlySpan<byte> name)
    {
        var file = Volatile.Read(ref lastFile);
        if (file is null || !name.SequenceEqual(file.Name))
        {
            file = new LogFile(name.ToArray(), SourcePosition.Parse(Encoding.UTF8.GetString(name), offset: 0, row: 0));
            Volatile.Write(ref lastFile, file);
        }

        return file.Start;
    }

    /// <param name="Start">The place where the file begins; null when the name has no number.</param>
    private sealed record LogFile(byte[] Name, SourcePosition? Start);

    /// <param name="Text">Both names, as one text to compare.</param>
    private sealed record KnownOrigin(byte[] Server, byte[] Database, string Text);
}
