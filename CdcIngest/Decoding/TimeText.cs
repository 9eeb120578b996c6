namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>Dates and times in the forms that connectors write.</summary>
internal static class TimeText
{
    private static readonly int s_epochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Reads <c>2026-05-02</c>, also with <c>Z</c>.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        if (text.Length == 11 && text[10] == 'Z')
        {
            text = text[..10];
        }

        date = default;
        return text.Length == 10 && TryReadDay(text, out date);
    }

    /// <summary>Reads days since 1970-01-01.</summary>
    public static bool TryFromDays(long days, out DateOnly date)
    {
        var number = s_epochDay + days;
        var isDate = days > -s_epochDay && number <= DateOnly.MaxValue.DayNumber && number >= 0;
        date = isDate ? DateOnly.FromDayNumber((int)number) : default;
        return isDate;
    }

    /// <summary>Reads <c>2026-05-02T10:11:12[.fraction][Z|±hh:mm]</c>, also with a space for the T; without a zone it is UTC.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 19
            || !TryReadDay(text, out var day)
            || text[10] is not ((byte)'T' or (byte)' ')
            || text[13] != ':'
            || text[16] != ':'
            || !TryReadNumber(text.Slice(11, 2), 23, out var hour)
            || !TryReadNumber(text.Slice(14, 2), 59, out var minute)
            || !TryReadNumber(text.Slice(17, 2), 59, out var second))
        {
            return false;
        }

        var rest = text[19..];
        if (!TryReadFraction(ref rest, out var ticks) || !TryReadZone(rest, out var zone))
        {
            return false;
        }

        ticks += day.ToDateTime(TimeOnly.MinValue).Ticks
            + (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond) - zone;
        return TryFromTicks(ticks, out time);
    }

    /// <summary>Reads a number since 1970: milliseconds, microseconds or nanoseconds, distinguished by their size (right from 1973 to 5138).</summary>
    public static bool TryFromNumber(long number, out DateTimeOffset time)
    {
        var sinceEpoch = Math.Abs((decimal)number) switch
        {
            < 1e14m => (decimal)number * TimeSpan.TicksPerMillisecond,
            < 1e17m => (decimal)number * TimeSpan.TicksPerMicrosecond,
            _ => (decimal)number / TimeSpan.NanosecondsPerTick,
        };
        var ticks = DateTimeOffset.UnixEpoch.Ticks + sinceEpoch;
        time = default;
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks && TryFromTicks((long)ticks, out time);
    }

    /// <summary>Reads milliseconds since 1970.</summary>
    public static bool TryFromMilliseconds(long milliseconds, out DateTimeOffset time)
    {
        var isTime = milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        time = isTime ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isTime;
    }

    private static bool TryFromTicks(long ticks, out DateTimeOffset time)
    {
        var isTime = ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks;
        time = isTime ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return isTime;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text[4] != '-'
            || text[7] != '-'
            || !TryReadNumber(text[..4], 9999, out var year)
            || !TryReadNumber(text.Slice(5, 2), 12, out var month)
            || !TryReadNumber(text.Slice(8, 2), 31, out var day)
            || year < 1
            || month < 1
            || day < 1
            || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateOnly(year, month, day);
        return true;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        rest = rest[1..];
        var unit = TimeSpan.TicksPerSecond;
        var digits = 0;
        for (; digits < rest.Length && (uint)(rest[digits] - '0') <= 9; digits++)
        {
            unit /= 10;
            ticks += (rest[digits] - '0') * unit;
        }

        rest = rest[digits..];
        return digits is > 0 and <= 9;
    }

    private static bool TryReadZone(ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || (rest.Length == 1 && rest[0] == 'Z'))
        {
            return true;
        }

        if (rest.Length != 6
            || rest[0] is not ((byte)'+' or (byte)'-')
            || rest[3] != ':'
            || !TryReadNumber(rest.Slice(1, 2), 18, out var hours)
            || !TryReadNumber(rest.Slice(4, 2), 59, out var minutes))
        {
            return false;
        }

        ticks = ((hours * 60) + minutes) * TimeSpan.TicksPerMinute * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, int max, out int number)
    {
        number = 0;
        foreach (var b in digits)
        {
            var digit = b - '0';
            if (digit is < 0 or > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return number <= max;
    }
}
