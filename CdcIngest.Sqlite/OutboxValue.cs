using System.Globalization;
using System.Text;
using System.Text.Unicode;
using RiskMonitor.CdcIngest.Decoding;
using SQLitePCL;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>A value as SQLite holds it, whatever its column was declared.</summary>
internal readonly record struct OutboxValue
{
    private const int ShownInReasons = 60;

    private readonly long _integer;
    private readonly double _real;
    private readonly byte[]? _bytes;

    private OutboxValue(int type, long integer, double real, byte[]? bytes) => (Type, _integer, _real, _bytes) = (type, integer, real, bytes);

    /// <summary>One of SQLite's five types; 0 for a value that was not read.</summary>
    public int Type { get; }

    public bool IsNull => Type is raw.SQLITE_NULL or 0;

    /// <summary>A text, as far as there are such bytes in any text.</summary>
    public bool IsReadableText => Type == raw.SQLITE_TEXT && Utf8.IsValid(_bytes);

    /// <summary>The bytes of a text or a BLOB.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public long Integer => _integer;

    public double Real => _real;

    public bool IsInteger => Type == raw.SQLITE_INTEGER;

    public bool IsReal => Type == raw.SQLITE_FLOAT;

    /// <summary>Reads a column of the row on which a statement stands. The text comes as UTF-8 also from a UTF-16 database.</summary>
    public static OutboxValue Of(sqlite3_stmt row, int column)
    {
        var type = raw.sqlite3_column_type(row, column);
        switch (type)
        {
            case raw.SQLITE_INTEGER:
                return new OutboxValue(type, raw.sqlite3_column_int64(row, column), 0, null);
            case raw.SQLITE_FLOAT:
                return new OutboxValue(type, 0, raw.sqlite3_column_double(row, column), null);
            case raw.SQLITE_TEXT:
                _ = raw.sqlite3_column_text(row, column);
                return new OutboxValue(type, 0, 0, raw.sqlite3_column_blob(row, column).ToArray());
            case raw.SQLITE_BLOB:
                return new OutboxValue(type, 0, 0, raw.sqlite3_column_blob(row, column).ToArray());
            default:
                return new OutboxValue(type, 0, 0, null);
        }
    }

    /// <summary>Reads a number, also one that a column turned into a text.</summary>
    public bool TryNumber(out decimal number)
    {
        number = _integer;
        return Type switch
        {
            raw.SQLITE_INTEGER => true,
            raw.SQLITE_FLOAT => RealText.TryDecimal(_real, out number),
            raw.SQLITE_TEXT => DecimalText.TryParse(_bytes, out number),
            _ => false,
        };
    }

    /// <summary>What a text column holds as text: a number is taken as it is written; a BLOB and a text that is not UTF-8 are not.</summary>
    public string? AsText() => Type switch
    {
        raw.SQLITE_TEXT => IsReadableText ? Encoding.UTF8.GetString(_bytes!) : null,
        raw.SQLITE_INTEGER => _integer.ToString(CultureInfo.InvariantCulture),
        raw.SQLITE_FLOAT when double.IsInteger(_real) && Math.Abs(_real) < 1e15 => _real.ToString("0.0", CultureInfo.InvariantCulture),
        raw.SQLITE_FLOAT => _real.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>For reasons: what was found.</summary>
    public string Describe() => Type switch
    {
        raw.SQLITE_TEXT when IsReadableText => $"the text \"{Shown(Encoding.UTF8.GetString(_bytes!))}\"",
        raw.SQLITE_TEXT => "a text that is not UTF-8",
        raw.SQLITE_BLOB => $"a BLOB of {_bytes!.Length} bytes",
        raw.SQLITE_INTEGER or raw.SQLITE_FLOAT => $"the number {AsText()}",
        _ => "NULL",
    };

    private static string Shown(string text) => text.Length > ShownInReasons ? text[..ShownInReasons] + "…" : text;
}
