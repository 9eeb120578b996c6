using System.Globalization;
using System.Text.Json;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Risk.Positions;
using SQLitePCL;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// An entry of the outbox as the envelope that a Debezium connector would send. What is certain is written in one form, whatever the owner's
/// types; what cannot be read is written as it was found, so that the decoder refuses it and the dead letter shows it.
/// </summary>
internal static class OutboxEntry
{
    /// <summary>The columns that <see cref="Read"/> expects.</summary>
    public static readonly string Columns = $"id, at, op, mark, pos, copies, was_desk, {OutboxSchema.Columns}";

    /// <summary>Where the columns of the row begin.</summary>
    public const int FirstColumn = 7;

    private const string Log = "outbox";
    private const int LongestDesk = 100;
    private const int LongestShown = 200;

    /// <summary>Makes a message of the row on which a statement over <see cref="Columns"/> stands.</summary>
    /// <param name="file">The name of the log, which is part of a change's place.</param>
    public static FeedMessage Read(sqlite3_stmt row, FeedPartition partition, string file, OutboxJson written)
    {
        var id = raw.sqlite3_column_int64(row, 0);
        var op = raw.sqlite3_column_text(row, 2).utf8_to_string();
        var positionId = OutboxValue.Of(row, FirstColumn);
        var json = written.Writer;
        json.WriteStartObject();
        WriteBefore(json, positionId, OutboxValue.Of(row, 6), op);
        WriteAfter(json, row, positionId, op);
        var mark = raw.sqlite3_column_type(row, 3) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(row, 3).utf8_to_string();
        var isCorrection = mark?.StartsWith(PositionsTable.CorrectionPrefix, StringComparison.Ordinal) == true;
        WriteSource(json, row, id, file, isCorrection ? null : mark);
        if (isCorrection)
        {
            // No client wrote this: history and alerts show it by its transaction.
            json.WriteStartObject("transaction"u8);
            json.WriteString("id"u8, mark);
            json.WriteEndObject();
        }

        json.WriteString("op"u8, op);
        json.WriteNumber("ts_ms"u8, raw.sqlite3_column_int64(row, 1));
        json.WriteEndObject();
        var value = written.Take();
        return new FeedMessage(new Delivery(partition.Topic, partition.Partition, id), Key(positionId, written), value, HasValue: true);
    }

    /// <summary>The name of a log.</summary>
    /// <param name="number">The log's.</param>
    public static string File(long number) => string.Create(CultureInfo.InvariantCulture, $"{Log}.{number}");

    /// <summary>Where a log begins.</summary>
    /// <param name="number">The log's.</param>
    public static SourcePosition Beginning(long number) => new(Log, number, 0, 0);

    /// <summary>What is wrong with a value, for its column; null when nothing is.</summary>
    public static string? Problem(OutboxColumn column, OutboxValue value) => value.IsNull
        ? column.IsOptional ? null : $"expected {Expected(column.Kind)}, found NULL"
        : column.Kind switch
        {
            OutboxColumnKind.Text => !string.IsNullOrWhiteSpace(value.AsText()),
            OutboxColumnKind.Amount => value.TryNumber(out var number) && Math.Abs(number) < DecimalText.Limit,
            OutboxColumnKind.Date => OutboxTime.TryDate(value, out _),
            _ => OutboxTime.TryTime(value, out _),
        }
            ? null
            : $"expected {Expected(column.Kind)}, found {value.Describe()}";

    private static string Expected(OutboxColumnKind kind) => kind switch
    {
        OutboxColumnKind.Text => "a text that is not blank",
        OutboxColumnKind.Amount => "a decimal below 10^18",
        OutboxColumnKind.Date => "a date (2026-05-02, 2026-05-02 00:00:00, 20260502, days since 1970, or seconds or milliseconds since 1970 at 00:00 UTC)",
        _ => "a time (2026-05-02 14:30:00, or seconds, milliseconds, microseconds or nanoseconds since 1970)",
    };

    // Empty for an id that is no text: the position cannot be named.
    private static ReadOnlyMemory<byte> Key(OutboxValue positionId, OutboxJson written)
    {
        if (positionId.AsText() is not { } id)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        written.Writer.WriteStartObject();
        written.Writer.WriteString("position_id"u8, id);
        written.Writer.WriteEndObject();
        return written.Take();
    }

    // The desk is a help: a position's desks are known anyway, so that an unreadable one is left out.
    private static void WriteBefore(Utf8JsonWriter json, OutboxValue positionId, OutboxValue desk, string op)
    {
        var name = desk.AsText();
        var isReadable = !string.IsNullOrWhiteSpace(name) && name.EnumerateRunes().Count() <= LongestDesk;
        if (!isReadable && op != "d")
        {
            json.WriteNull("before"u8);
            return;
        }

        json.WriteStartObject("before"u8);
        Write(json, OutboxColumn.All[0], positionId);
        if (isReadable)
        {
            json.WriteString("desk"u8, name);
        }

        json.WriteEndObject();
    }

    private static void WriteAfter(Utf8JsonWriter json, sqlite3_stmt row, OutboxValue positionId, string op)
    {
        if (op is "d" or "t")
        {
            json.WriteNull("after"u8);
            return;
        }

        json.WriteStartObject("after"u8);
        if (raw.sqlite3_column_int64(row, 5) > 1)
        {
            // Several rows with this id: no position, and the decoder says so of an array.
            json.WriteStartArray("position_id"u8);
            json.WriteStringValue(positionId.AsText());
            json.WriteStringValue($"{raw.sqlite3_column_int64(row, 5)} rows have this position_id");
            json.WriteEndArray();
        }
        else
        {
            for (var i = 0; i < OutboxColumn.All.Count; i++)
            {
                Write(json, OutboxColumn.All[i], i == 0 ? positionId : OutboxValue.Of(row, FirstColumn + i));
            }
        }

        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, sqlite3_stmt row, long id, string file, string? snapshot)
    {
        json.WriteStartObject("source"u8);
        json.WriteString("connector"u8, "outbox"u8);
        json.WriteNumber("ts_ms"u8, raw.sqlite3_column_int64(row, 1));
        json.WriteString("snapshot"u8, snapshot ?? "false");
        json.WriteString("table"u8, "positions"u8);
        json.WriteString("file"u8, file);
        json.WriteNumber("pos"u8, raw.sqlite3_column_type(row, 4) == raw.SQLITE_NULL ? id : raw.sqlite3_column_int64(row, 4));
        json.WriteNumber("row"u8, 0);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OutboxColumn column, OutboxValue value)
    {
        json.WritePropertyName(column.Name);
        if (value.IsNull)
        {
            json.WriteNullValue();
        }
        else if (Problem(column, value) is not null)
        {
            WriteAsFound(json, column, value);
        }
        else if (column.Kind == OutboxColumnKind.Amount && value.TryNumber(out var amount))
        {
            json.WriteNumberValue(amount);
        }
        else if (column.Kind == OutboxColumnKind.Date && OutboxTime.TryDate(value, out var date))
        {
            json.WriteStringValue(date.ToString("O", CultureInfo.InvariantCulture));
        }
        else if (column.Kind == OutboxColumnKind.Time && OutboxTime.TryTime(value, out var time))
        {
            json.WriteStringValue(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteStringValue(value.AsText());
        }
    }

    private static void WriteAsFound(Utf8JsonWriter json, OutboxColumn column, OutboxValue value)
    {
        if (value.AsText() is not { } text || (column.Kind == OutboxColumnKind.Amount && !value.IsReadableText))
        {
            json.WriteStartObject();
            json.WriteString(value.Type == raw.SQLITE_TEXT ? "not_utf8"u8 : value.Type == raw.SQLITE_BLOB ? "blob"u8 : "number"u8,
                value.AsText() ?? Convert.ToHexString(value.Bytes[..Math.Min(value.Bytes.Length, LongestShown)]));
            json.WriteEndObject();
            return;
        }

        // A text such as "much" could be the base64 of an amount; a blank at its end says that it is none.
        var couldBeBytes = column.Kind == OutboxColumnKind.Amount && DecimalNotation.Classify(value.Bytes) != DecimalNotationKind.Text;
        json.WriteStringValue(couldBeBytes ? text + " " : text);
    }
}
