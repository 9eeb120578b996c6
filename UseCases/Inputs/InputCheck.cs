using System.Globalization;
using RiskMonitor.Risk.Figures;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>Reads the values of a question and collects what is wrong with them, so that one answer names it all.</summary>
public sealed class InputCheck
{
    public const int DefaultPageSize = 50;
    public const int MostPageSize = 500;

    private readonly List<InputProblem> _problems = [];

    public void Refuse(string field, string problem, IReadOnlyList<string>? allowed = null) => _problems.Add(new InputProblem(field, problem, allowed));

    public int PageSize(int? asked)
    {
        if (asked is < 1 or > MostPageSize)
        {
            Refuse("page_size", string.Create(CultureInfo.InvariantCulture, $"is {asked}; give a number from 1 to {MostPageSize}"));
        }

        return asked ?? DefaultPageSize;
    }

    /// <summary>One of a few words.</summary>
    /// <returns>Null where none is given, and where it is wrong.</returns>
    public T? Choice<T>(string field, string? text, IReadOnlyList<string> allowed, Func<string, T?> parse)
        where T : struct => Read(field, text, parse, remedy: null, allowed);

    /// <summary>A name from the configuration; the first where none is given.</summary>
    public string Name(string field, string? text, IReadOnlyList<string> known)
    {
        if (text is not null && !known.Contains(text, StringComparer.Ordinal))
        {
            Refuse(field, $"'{text}' is not configured; give one of {string.Join(", ", known)}", known);
        }

        return text ?? known[0];
    }

    /// <summary>An instant: RFC 3339 with its zone.</summary>
    public DateTimeOffset? Instant(string field, string? text) => Read<DateTimeOffset>(
        field,
        text,
        Rfc3339Time.Read,
        "give a date and time with its zone (RFC 3339), such as 2026-05-04T12:30:00Z (in a URL, + is written %2B)");

    /// <summary>An amount: digits with at most one point, no separators.</summary>
    public decimal? Amount(string field, string? text) => Read<decimal>(
        field,
        text,
        given => Amounts.TryParse(given, mayHaveExponent: true, out var amount) ? amount : null,
        "give an amount such as 2500000 or 1250.50, without separators and with at most 28 digits");

    /// <summary>A day: ISO.</summary>
    public DateOnly? Date(string field, string? text) => Read<DateOnly>(
        field,
        text,
        given => DateOnly.TryParseExact(given, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null,
        "give a date such as 2026-05-04");

    /// <summary>A past instant; a date alone is that day's close.</summary>
    /// <param name="zone">Where a day closes.</param>
    public DateTimeOffset? Past(string field, string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        var isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue;
        var instant = isDay ? CloseOf(day, zone) : Instant(field, text);
        if (instant > now)
        {
            Refuse(field, isDay
                ? $"is {text}, whose close in {zone.Id} is yet to come ({instant:yyyy-MM-dd'T'HH:mm:sszzz}); leave {field} out for now"
                : $"is {text}, which is yet to come; leave {field} out for now");
        }

        return instant;
    }

    /// <param name="remedy">Null: one of <paramref name="allowed"/>.</param>
    /// <returns>Null where nothing is given, and where it is wrong.</returns>
    private T? Read<T>(string field, string? text, Func<string, T?> parse, string? remedy, IReadOnlyList<string>? allowed = null)
        where T : struct
    {
        if (text is null)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Refuse(field, $"is '{text}'; {remedy ?? $"give one of {string.Join(", ", allowed!)}"}", allowed);
        }

        return value;
    }

    private static DateTimeOffset CloseOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Where clocks jump over midnight, the day ends with the jump.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime().AddTicks(-1);
    }

    /// <exception cref="RequestException">Something is wrong; all of it is in the details.</exception>
    public void Done()
    {
        if (_problems.Count > 0)
        {
            throw RequestException.Invalid(_problems);
        }
    }
}
