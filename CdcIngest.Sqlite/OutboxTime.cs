using System.Globalization;
using RiskMonitor.CdcIngest.Decoding;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>
/// Dates and times as they stand in SQLite files: SQLite has no type for them, so that owners use texts, seconds, milliseconds, days or Julian days.
/// The size of a number decides its unit; an ambiguous number is not read.
/// </summary>
internal static class OutboxTime
{
    private const long SecondsPerDay = 86_400;
    private const decimal UnixEpochAsJulianDay = 2_440_587.5m;

    // Julian days of the years 1900 to 2200: as seconds they would be January 1970.
    private const decimal FirstJulianDay = 2_415_020.5m;
    private const decimal LastJulianDay = 2_524_958.5m;

    // Days since 1970 of the years 1900 to 2200.
    private const long FirstDay = -25_567;
    private const long LastDay = 84_371;

    /// <summary>Reads an instant. Without a zone it is UTC; a day alone is its beginning.</summary>
    public static bool TryTime(OutboxValue value, out DateTimeOffset time)
    {
        time = default;
        if (value.TryNumber(out var number))
        {
            return TryNumberedTime(number, out time);
        }

        if (!value.IsReadableText)
        {
            return false;
        }

        var text = value.Bytes;
        if (text.Length == 10 && TimeText.TryParseDate(text, out var day))
        {
            time = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return true;
        }

        if (text.Length == 16)
        {
            // 2026-05-02 14:30 is a time for SQLite, too.
            text = (byte[])[.. text, .. ":00"u8];
        }

        return TimeText.TryParseTime(text, out time);
    }

    /// <summary>Reads a day: that of a text as it is written, and that of a number of seconds and the like only where it is a day's beginning in UTC.</summary>
    public static bool TryDate(OutboxValue value, out DateOnly date)
    {
        date = default;
        if (value.TryNumber(out var number))
        {
            return TryNumberedDate(number, out date);
        }

        if (!value.IsReadableText)
        {
            return false;
        }

        var text = value.Bytes;
        return TimeText.TryParseDate(text, out date)
            || (text.Length > 10 && TryTime(value, out _) && TimeText.TryParseDate(text[..10], out date));
    }

    private static bool TryNumberedTime(decimal number, out DateTimeOffset time)
    {
        time = default;
        var seconds = Math.Abs(number) switch
        {
            >= FirstJulianDay and <= LastJulianDay when number > 0 && number % 1 != 0 => (number - UnixEpochAsJulianDay) * SecondsPerDay,
            < 100_000_000m => (decimal?)null,
            < 100_000_000_000m => number,
            < 100_000_000_000_000m => number / 1_000,
            < 100_000_000_000_000_000m => number / 1_000_000,
            _ => number / 1_000_000_000,
        };
        if (seconds is null)
        {
            return false;
        }

        var ticks = Math.Round(DateTimeOffset.UnixEpoch.Ticks + (seconds.Value * TimeSpan.TicksPerSecond));
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryNumberedDate(decimal number, out DateOnly date)
    {
        date = default;
        if (number % 1 == 0 && number is >= FirstDay and <= LastDay)
        {
            return TimeText.TryFromDays((long)number, out date);
        }

        if (number % 1 == 0 && number is >= 19_000_101 and <= 22_001_231)
        {
            return DateOnly.TryParseExact(number.ToString("0", CultureInfo.InvariantCulture), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
        }

        if (!TryNumberedTime(number, out var time) || time.TimeOfDay != TimeSpan.Zero)
        {
            return false;
        }

        date = DateOnly.FromDateTime(time.UtcDateTime);
        return true;
    }
}
