using System.Globalization;
using System.Text.RegularExpressions;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Conditions that a desk must meet to be listed, such as <c>net_delta &gt; 3000000 and in_breach = false</c>.</summary>
public sealed partial class DeskFilter
{
    private const int MostConditions = 8;

    private static readonly Dictionary<string, Func<DeskAnswer, decimal?>> s_figures = new(StringComparer.Ordinal)
    {
        ["net_delta"] = row => Math.Abs(row.Delta.Amount),
        ["delta"] = row => row.Delta.Amount,
        ["gross_delta"] = row => row.GrossDelta.Amount,
        ["long_delta"] = row => row.LongDelta.Amount,
        ["short_delta"] = row => Math.Abs(row.ShortDelta.Amount),
        ["utilisation"] = row => row.HighestUtilisation,
        ["open_breaches"] = row => row.OpenBreaches,
    };

    private static readonly Dictionary<string, Func<DeskAnswer, string>> s_words = new(StringComparer.Ordinal)
    {
        ["unit"] = row => row.Unit,
        ["utilisation_state"] = row => row.UtilisationState,
        ["in_breach"] = row => row.UtilisationState == "breach" || row.OpenBreaches > 0 ? "true" : "false",
    };

    private readonly IReadOnlyList<Func<DeskAnswer, bool>> _conditions;

    private DeskFilter(IReadOnlyList<Func<DeskAnswer, bool>> conditions) => _conditions = conditions;

    /// <summary>Whether the desk meets every condition. A figure that the desk does not have meets no condition.</summary>
    public bool Holds(DeskAnswer row) => _conditions.All(condition => condition(row));

    /// <returns>Null if no filter is given, and if it is wrong.</returns>
    public static DeskFilter? Read(InputCheck check, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(" and ", StringSplitOptions.TrimEntries);
        var conditions = parts.Take(MostConditions).Select(Condition).ToList();
        if (parts.Length <= MostConditions && conditions.TrueForAll(condition => condition is not null))
        {
            return new DeskFilter(conditions!);
        }

        var known = string.Join(", ", s_figures.Keys.Concat(s_words.Keys));
        check.Refuse("filter", $"is '{text}'; give at most {MostConditions} conditions joined by ' and ', each a field ({known}), an operator (>, >=, <, <=, =, !=; for words only = and !=) and a value, such as net_delta > 3000000 and unit = USD");
        return null;
    }

    private static Func<DeskAnswer, bool>? Condition(string text)
    {
        var match = Form().Match(text);
        var (field, compare, value) = (match.Groups["field"].Value, match.Groups["op"].Value, match.Groups["value"].Value);
        if (match.Success && s_figures.TryGetValue(field, out var figure)
            && decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bound))
        {
            return row => figure(row) is { } known && Compare(known, compare, bound);
        }

        return match.Success && s_words.TryGetValue(field, out var word) && compare is "=" or "!="
            ? row => word(row) == value == (compare == "=")
            : null;
    }

    private static bool Compare(decimal figure, string compare, decimal bound) => compare switch
    {
        ">" => figure > bound,
        ">=" => figure >= bound,
        "<" => figure < bound,
        "<=" => figure <= bound,
        "!=" => figure != bound,
        _ => figure == bound,
    };

    [GeneratedRegex(@"^(?<field>[a-z_]+)\s*(?<op>>=|<=|!=|>|<|=)\s*(?<value>[^\s<>=!]+)$")]
    private static partial Regex Form();
}
