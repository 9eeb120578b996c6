using System.Data.Common;
using System.Globalization;
using System.Text;

namespace RiskMonitor.Storage.Database;

/// <summary>
/// How the domain's values are stored, in every database alike: instants as UTC ticks, decimals, dates and ids as text. So no driver converts them, and
/// what is read is exactly what was written.
/// </summary>
internal static class StoredValues
{
    public static string Stored(this decimal value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Stored(this DateOnly value) => value.ToString("O", CultureInfo.InvariantCulture);

    public static string Stored(this Guid value) => value.ToString("D");

    public static long Stored(this DateTimeOffset value) => value.UtcTicks;

    public static object? Stored(this DateTimeOffset? value) => value?.UtcTicks;

    /// <summary>A text, also from a column that holds its UTF-8 bytes: on MySQL only such columns compare texts exactly.</summary>
    public static string Text(this DbDataReader row, int column) =>
        row.GetFieldType(column) == typeof(byte[]) ? Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(column)) : row.GetString(column);

    public static decimal Decimal(this DbDataReader row, int column) => decimal.Parse(row.Text(column), NumberStyles.Number, CultureInfo.InvariantCulture);

    public static decimal? DecimalOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Decimal(column);

    public static DateOnly Date(this DbDataReader row, int column) => DateOnly.ParseExact(row.Text(column), "O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(this DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? InstantOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    public static string? StringOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Text(column);

    public static byte[] Blob(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static Guid Id(this DbDataReader row, int column) => Guid.ParseExact(row.Text(column), "D");
}
