using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>Reads columns, each against its type in the <c>positions</c> table; what does not fit is named with its place and what was found.</summary>
internal sealed class ColumnReader
{
    private readonly Utf8StringPool names = new(8192);

    /// <summary>How the last row that left no doubt wrote its decimals.</summary>
    private volatile DecimalNotationKind _lastNotation = DecimalNotationKind.Text;

    /// <param name="at">Where the row is, for reasons: <c>after.</c> or nothing.</param>
    /// <exception cref="UnreadableMessageException">A needed column is missing, or one has the wrong type.</exception>
    public Position Read(in RowSlots row, string positionId, WrapperSchema schema, string at)
    {
        var form = NotationOfRow(row);
        return new Position(
            positionId,
            Name(row.TraderId, 50, at, "trader_id"),
            Name(row.Desk, 100, at, "desk"),
            Name(row.SecurityId, 100, at, "security_id"),
            Decimal(row.Quantity, Resolve(schema.Quantity, form), at, "quantity"),
            row.Delta.IsMissing ? null : Decimal(row.Delta, Resolve(schema.Delta, form), at, "delta"),
            Date(row.EntryDate, at, "entry_date"),
            Currency(row.Currency, at),
            row.UpdatedAt.IsMissing ? null : Time(row.UpdatedAt, at, "updated_at"));
    }

    /// <summary>A position's id, which is not pooled: there are as many as positions.</summary>
    public string PositionId(in JsonSlot slot, string at) => Text(slot, pool: null, 50, at, "position_id");

    /// <summary>A desk's name, where the row was before; null where the message does not say.</summary>
    public string? BeforeDesk(in RowSlots row, string at) => row.Desk.IsMissing ? null : Name(row.Desk, 100, at, "desk");

    /// <summary>A whole number.</summary>
    public static long Number(in JsonSlot slot, string field)
    {
        if (slot.Kind is not (JsonTokenType.Number or JsonTokenType.String))
        {
            throw Unexpected("", field, "a whole number", slot);
        }

        var text = slot.Text();
        return Utf8Parser.TryParse(text, out long number, out var consumed) && consumed == text.Length
            ? number
            : throw Unexpected("", field, "a whole number", slot);
    }

    public static UnreadableMessageException Unexpected(string at, string field, string expected, in JsonSlot found) =>
        new($"{at}{field}: expected {expected}, found {found.Describe()}");

    private static DecimalNotation Resolve(DecimalNotation stated, DecimalNotationKind found) =>
        stated.Kind == DecimalNotationKind.Unknown ? stated with { Kind = found } : stated;

    /// <summary>One connector writes all decimals of a row alike: what is certain of one column holds for the other.</summary>
    private DecimalNotationKind NotationOfRow(in RowSlots row)
    {
        var quantity = NotationOf(row.Quantity);
        var delta = NotationOf(row.Delta);
        var form = quantity == DecimalNotationKind.Text || delta == DecimalNotationKind.Text ? DecimalNotationKind.Text
            : quantity == DecimalNotationKind.Bytes || delta == DecimalNotationKind.Bytes ? DecimalNotationKind.Bytes
            : DecimalNotationKind.Unknown;
        if (form == DecimalNotationKind.Unknown)
        {
            return _lastNotation;
        }

        if (form != _lastNotation)
        {
            _lastNotation = form;
        }

        return form;

        static DecimalNotationKind NotationOf(in JsonSlot slot) =>
            slot.Kind == JsonTokenType.String ? DecimalNotation.Classify(slot.Text()) : DecimalNotationKind.Unknown;
    }

    private string Name(in JsonSlot slot, int longest, string at, string column) => Text(slot, names, longest, at, column);

    private string Currency(in JsonSlot slot, string at)
    {
        var isCode = slot.Kind == JsonTokenType.String && slot.Text() is [>= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z'];
        return isCode ? names.Get(slot.Text()) : throw Unexpected(at, "currency", "three capital letters (ISO 4217)", slot);
    }

    private static string Text(in JsonSlot slot, Utf8StringPool? pool, int longest, string at, string column)
    {
        if (slot.Kind != JsonTokenType.String)
        {
            throw Unexpected(at, column, "a text", slot);
        }

        var utf8 = slot.Text();
        var text = pool is null ? Encoding.UTF8.GetString(utf8) : pool.Get(utf8);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Unexpected(at, column, "a text that is not blank", slot);
        }

        // Length counts UTF-16 units, the column characters.
        if (text.Length > longest && text.EnumerateRunes().Count() > longest)
        {
            throw Unexpected(at, column, $"at most {longest} characters", slot);
        }

        return text;
    }

    private static decimal Decimal(in JsonSlot slot, DecimalNotation form, string at, string column)
    {
        decimal value = 0;
        var isDecimal = slot.Kind switch
        {
            JsonTokenType.Number => DecimalText.TryParse(slot.Text(), out value),
            JsonTokenType.String => form.TryParse(slot.Text(), out value),
            _ => false,
        };
        return isDecimal ? value : throw Unexpected(at, column, "a decimal below 10^18 of at most 28 digits", slot);
    }

    private static DateOnly Date(in JsonSlot slot, string at, string column)
    {
        DateOnly date = default;
        var isDate = slot.Kind switch
        {
            JsonTokenType.Number => TryWhole(slot.Text(), out var days) && TimeText.TryFromDays(days, out date),
            JsonTokenType.String => TimeText.TryParseDate(slot.Text(), out date),
            _ => false,
        };
        return isDate ? date : throw Unexpected(at, column, "a date (2026-05-02, or days since 1970)", slot);
    }

    private static DateTimeOffset Time(in JsonSlot slot, string at, string column)
    {
        DateTimeOffset time = default;
        var isTime = slot.Kind switch
        {
            JsonTokenType.Number => TryWhole(slot.Text(), out var number) && TimeText.TryFromNumber(number, out time),
            JsonTokenType.String => TimeText.TryParseTime(slot.Text(), out time),
            _ => false,
        };
        return isTime ? time : throw Unexpected(at, column, "a time (ISO 8601, or a number since 1970)", slot);
    }

    private static bool TryWhole(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length;
}
