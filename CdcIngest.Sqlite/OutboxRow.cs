using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;
using SQLitePCL;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// Reads entries of the outbox as values. Only what leaves no doubt is read here: texts in text columns, and amounts, dates and times in the usual
/// notations. Every other entry goes to <see cref="OutboxEntry"/>, which writes it as a message for the decoder. Both mean the same.
/// </summary>
/// <param name="log">The log of which the entries are: its beginning.</param>
/// <param name="names">Makes the names of traders, desks, securities and currencies.</param>
internal sealed class OutboxRow(FeedPartition partition, SourcePosition log, Utf8StringPool names)
{
    // Bytes: a text of so many has no more characters than are allowed.
    private const int LongestId = 50;
    private const int LongestName = 100;
    private const int LengthOfDay = 10;

    /// <summary>Of what was read of the entry so far.</summary>
    private long _fingerprint;

    /// <summary>Reads the entry on which a statement over <see cref="OutboxEntry.Columns"/> stands.</summary>
    /// <returns>False where it is none of the usual ones.</returns>
    public bool TryRead(sqlite3_stmt entry, out FeedMessage message)
    {
        message = default;
        var id = raw.sqlite3_column_int64(entry, 0);
        _fingerprint = 0;
        Position? after = null;
        if (!TryMillisecond(entry, out var at)
            || !TryOp(entry, out var op)
            || !TryMark(entry, op, out var mark)
            || !TryPlace(entry, id, out var place)
            || raw.sqlite3_column_int64(entry, 5) > 1
            || !TryBeforeDesk(entry, out var beforeDesk)
            || !TryText(entry, OutboxEntry.FirstColumn, LongestId, pool: null, out var positionId)
            || (op != 'd' && !TryPosition(entry, positionId, out after)))
        {
            return false;
        }

        var time = new SourceTime(at, at.Ticks % TimeSpan.TicksPerSecond == 0, at);
        var row = new DecodedMessage.Row(positionId, after, beforeDesk, mark, place, null, time, MarksDeletes: true, partition.Topic);
        message = new FeedMessage(
            new Delivery(partition.Topic, partition.Partition, id), default, default, HasValue: true, Change: new ReadChange(row, _fingerprint));
        return true;
    }

    private bool TryPosition(sqlite3_stmt entry, string positionId, out Position? position)
    {
        position = null;
        const int First = OutboxEntry.FirstColumn;
        if (!TryText(entry, First + 1, LongestId, names, out var trader)
            || !TryText(entry, First + 2, LongestName, names, out var desk)
            || !TryText(entry, First + 3, LongestName, names, out var security)
            || !TryAmount(entry, First + 4, out var quantity) || quantity is null
            || !TryAmount(entry, First + 5, out var delta)
            || !TimeText.TryParseDate(Bytes(entry, First + 6), out var entryDate)
            || Bytes(entry, First + 7) is not [>= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z'] currency
            || !TryTime(entry, First + 9, out var updatedAt))
        {
            return false;
        }

        position = new Position(positionId, trader, desk, security, quantity.Value, delta, entryDate, names.Get(currency), updatedAt);
        return true;
    }

    private bool TryMillisecond(sqlite3_stmt entry, out DateTimeOffset at)
    {
        at = default;
        return raw.sqlite3_column_type(entry, 1) == raw.SQLITE_INTEGER && TimeText.TryFromMilliseconds(Noted(raw.sqlite3_column_int64(entry, 1)), out at);
    }

    private bool TryOp(sqlite3_stmt entry, out char op)
    {
        var text = Bytes(entry, 2);
        op = text is [var only] ? (char)only : '\0';
        return op is 'c' or 'u' or 'd' or 'r';
    }

    /// <summary>The mark of a snapshot's row. That of a correction is none of them.</summary>
    private bool TryMark(sqlite3_stmt entry, char op, out SnapshotMark mark)
    {
        mark = SnapshotMark.None;
        if (IsNull(entry, 3))
        {
            return op != 'r';
        }

        var text = Bytes(entry, 3);
        mark = text.SequenceEqual("first"u8) ? SnapshotMark.First
            : text.SequenceEqual("last"u8) ? SnapshotMark.Last
            : text.SequenceEqual("true"u8) ? SnapshotMark.Within
            : SnapshotMark.None;
        return mark != SnapshotMark.None;
    }

    private bool TryPlace(sqlite3_stmt entry, long id, out SourcePosition place)
    {
        place = log with { Offset = IsNull(entry, 4) ? id : Noted(raw.sqlite3_column_int64(entry, 4)) };
        return true;
    }

    private bool TryBeforeDesk(sqlite3_stmt entry, out string? desk)
    {
        desk = null;
        return IsNull(entry, 6) || TryText(entry, 6, LongestName, names, out desk);
    }

    /// <summary>Reads a text that is not blank.</summary>
    private bool TryText(sqlite3_stmt entry, int column, int longest, Utf8StringPool? pool, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var utf8 = Bytes(entry, column);
        if (utf8.IsEmpty || utf8.Length > longest || !Utf8.IsValid(utf8))
        {
            return false;
        }

        text = pool is null ? Encoding.UTF8.GetString(utf8) : pool.Get(utf8);
        return !string.IsNullOrWhiteSpace(text);
    }

    /// <summary>Reads an amount, or that there is none.</summary>
    private bool TryAmount(sqlite3_stmt entry, int column, out decimal? amount)
    {
        amount = null;
        if (IsNull(entry, column))
        {
            return true;
        }

        var number = 0m;
        var isAmount = raw.sqlite3_column_type(entry, column) switch
        {
            raw.SQLITE_INTEGER => (number = Noted(raw.sqlite3_column_int64(entry, column))) is > -DecimalText.Limit and < DecimalText.Limit,
            raw.SQLITE_FLOAT => RealText.TryDecimal(Noted(raw.sqlite3_column_double(entry, column)), out number),
            raw.SQLITE_TEXT => DecimalText.TryParse(Bytes(entry, column), out number),
            _ => false,
        };
        amount = isAmount ? number : null;
        return isAmount;
    }

    /// <summary>Reads a time, or that there is none.</summary>
    private bool TryTime(sqlite3_stmt entry, int column, out DateTimeOffset? time)
    {
        time = null;
        if (IsNull(entry, column))
        {
            return true;
        }

        if (Bytes(entry, column) is { Length: > LengthOfDay } text && TimeText.TryParseTime(text, out var read))
        {
            time = read;
        }

        return time is not null;
    }

    /// <summary>The bytes of a text, as long as the statement stays on its row; none where the value is no text.</summary>
    private ReadOnlySpan<byte> Bytes(sqlite3_stmt entry, int column)
    {
        if (raw.sqlite3_column_type(entry, column) != raw.SQLITE_TEXT)
        {
            return [];
        }

        // SQLite makes the text UTF-8 where the file keeps it otherwise; then its bytes can be read.
        _ = raw.sqlite3_column_text(entry, column);
        var bytes = raw.sqlite3_column_blob(entry, column);
        _fingerprint = MessageFingerprint.After(_fingerprint, bytes);
        return bytes;
    }

    private bool IsNull(sqlite3_stmt entry, int column)
    {
        var isNull = raw.sqlite3_column_type(entry, column) == raw.SQLITE_NULL;
        _fingerprint = isNull ? _fingerprint + column : _fingerprint;
        return isNull;
    }

    private T Noted<T>(T number)
        where T : unmanaged
    {
        _fingerprint = MessageFingerprint.After(_fingerprint, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number)));
        return number;
    }
}
