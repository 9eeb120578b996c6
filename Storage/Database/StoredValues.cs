using System.Data.Common;
using System.Globalization;

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

    public static decimal Decimal(this DbDataReader row, int column) => decimal.Parse(row.GetString(column), NumberStyles.Number, CultureInfo.InvariantCulture);

    public static decimal? DecimalOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Decimal(column);

    public static DateOnly Date(this DbDataReader row, int column) => DateOnly.ParseExact(row.GetString(column), "O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(this DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? InstantOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    public static string? StringOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Blob(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static Guid Id(this DbDataReader row, int column) => Guid.ParseExact(row.GetString(column), "D");
}
