using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>How the domain's values stand in columns: instants as UTC ticks, decimals and dates as text.</summary>
internal static class SqliteValues
{
    public static string Stored(this decimal value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Stored(this DateOnly value) => value.ToString("O", CultureInfo.InvariantCulture);

    public static string Stored(this Guid value) => value.ToString("D");

    public static long Stored(this DateTimeOffset value) => value.UtcTicks;

    public static object? Stored(this DateTimeOffset? value) => value?.UtcTicks;

    public static decimal Decimal(this SqliteDataReader row, int column) => decimal.Parse(row.GetString(column), NumberStyles.Number, CultureInfo.InvariantCulture);

    public static decimal? DecimalOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Decimal(column);

    public static DateOnly Date(this SqliteDataReader row, int column) => DateOnly.ParseExact(row.GetString(column), "O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static DateTimeOffset? InstantOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);

    public static string? StringOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Blob(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static Guid Id(this SqliteDataReader row, int column) => Guid.ParseExact(row.GetString(column), "D");
}
