using System.Globalization;
using System.Text.RegularExpressions;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>Reads the values of a question and collects what is wrong with them, so that one answer names it all.</summary>
internal sealed partial class InputCheck
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
        where T : struct
    {
        if (text is null)
        {
            return null;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        Refuse(field, $"is '{text}'; give one of {string.Join(", ", allowed)}", allowed);
        return null;
    }

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
    public DateTimeOffset? Instant(string field, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return instant;
        }

        Refuse(field, $"is '{text}'; give a date and time with its zone (RFC 3339), such as 2026-05-04T12:30:00Z (in a URL, + is written %2B)");
        return null;
    }

    /// <summary>Past instants cannot be asked for yet: better to say so than to answer with now.</summary>
    public void OnlyNow(string? asOf)
    {
        if (asOf is not null)
        {
            Refuse("as_of", "past exposures cannot be asked for in this version; leave as_of out for the exposure now");
        }
    }

    /// <exception cref="RequestException">Something is wrong; all of it is in the details.</exception>
    public void Done()
    {
        if (_problems.Count > 0)
        {
            throw RequestException.Invalid(_problems);
        }
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,7})?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
