using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Collects the figures of results, with whose they are and where they stand, and the names that occur in them.</summary>
internal sealed partial class EvidenceReader
{
    private static readonly HashSet<string> s_below = ["trader_id", "security_id", "position_id"];
    private static readonly HashSet<string> s_names =
        ["desk", "scope_key", "trader_id", "security_id", "position_id", "limit_id", "alert_id", "request_id", "delivery_id", "user", "limit_profile", "profile", "horizon"];

    /// <summary>Free text, which anyone may have written: neither names nor figures are taken from it.</summary>
    private static readonly HashSet<string> s_prose = ["conclusion", "message", "analysis_text", "analysis_json", "reason", "reasons", "ack_comment", "detail", "citations", "scope", "withheld", "changed_by"];

    private static readonly HashSet<string> s_signed =
        ["delta", "net_delta", "long_delta", "short_delta", "metric_value", "current_value", "opened_value", "peak_value", "figure", "quantity", "value", "net_change", "gross_change"];

    private static readonly HashSet<string> s_counted = ["utilisation_state", "breach_state", "status", "severity", "incomplete", "building", "effective"];

    private readonly List<Evidence> _evidence = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _desks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _breaches = new(StringComparer.Ordinal);

    public IReadOnlyList<Evidence> All => _evidence;

    public IReadOnlySet<string> Names => _names;

    public IReadOnlySet<string> Desks => _desks;

    /// <summary>Desks whose state stands in a result; true where a result says breach.</summary>
    public IReadOnlyDictionary<string, bool> Breaches => _breaches;

    public static EvidenceReader Read(IEnumerable<FigureSource> sources)
    {
        var reader = new EvidenceReader();
        foreach (var (i, source) in sources.Index())
        {
            var asOf = source.Result.ValueKind == JsonValueKind.Object && source.Result.TryGetProperty("as_of", out var given) && given.TryGetDateTimeOffset(out var instant) ? instant : source.AsOf;
            reader.Walk(source.Result, "", "", new Place(i, source.Desk, new HashSet<string>(), null, null, false, asOf));
        }

        return reader;
    }

    private void Walk(JsonElement element, string name, string path, Place place)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var inside = Inside(element, place);
                NoteState(element, inside);
                foreach (var property in element.EnumerateObject().Where(property => !s_prose.Contains(property.Name)))
                {
                    Walk(property.Value, property.Name == "total" || property.Name == "returned" ? ListName(element, property.Name) : property.Name, $"{path}/{Escaped(property.Name)}", inside);
                }

                break;
            case JsonValueKind.Array:
                Count(element, name, path, place);
                foreach (var (i, item) in element.EnumerateArray().Index())
                {
                    Walk(item, name, string.Create(CultureInfo.InvariantCulture, $"{path}/{i}"), place);
                }

                break;
            case JsonValueKind.Number:
                Add(IsRatio(name) ? EvidenceKind.Ratio : EvidenceKind.Count, element.GetDecimal(), name, path, place);
                break;
            case JsonValueKind.String:
                WalkText(element.GetString()!, name, path, place);
                break;
        }
    }

    private void WalkText(string text, string name, string path, Place place)
    {
        if (s_names.Contains(name))
        {
            _names.Add(text);
        }
        else if (Money().IsMatch(text))
        {
            Add(EvidenceKind.Amount, decimal.Parse(text, CultureInfo.InvariantCulture), name, path, place);
        }
        else if (Date().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            _evidence.Add(new Evidence(EvidenceKind.Instant, 0, instant, text.Length == 10, null, null, false, EvidenceMetric.Other, false, place.Desk, place.Below, place.Source, path, place.AsOf));
        }
    }

    /// <summary>How many rows a list has, and how many of them stand how.</summary>
    private void Count(JsonElement list, string name, string path, Place place)
    {
        Add(EvidenceKind.Count, list.GetArrayLength(), name, path, place);
        var rows = list.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object).ToList();
        foreach (var group in rows.SelectMany(row => row.EnumerateObject()).Where(property => s_counted.Contains(property.Name))
            .GroupBy(property => (property.Name, Value: property.Value.ToString())))
        {
            Add(EvidenceKind.Count, group.Count(), name, path, place);
        }
    }

    private void Add(EvidenceKind kind, decimal value, string name, string path, Place place) => _evidence.Add(new Evidence(
        kind, value, default, false, kind == EvidenceKind.Amount ? place.Unit : null, kind == EvidenceKind.Count ? NounOf(name) : null, s_signed.Contains(name), MetricOf(name, place.Metric), place.IsBreached, place.Desk, place.Below, place.Source, path, place.AsOf));

    private Place Inside(JsonElement element, Place outside)
    {
        var place = outside;
        if ((Text(element, "desk") ?? Text(element, "scope_key")) is { Length: > 0 } desk)
        {
            _desks.Add(desk);
            place = place with { Desk = desk };
        }

        foreach (var below in s_below.Select(name => Text(element, name)).OfType<string>())
        {
            place = place with { Below = new HashSet<string>(place.Below) { below } };
        }

        if ((Text(element, "metric") ?? Text(element, "metric_name")) is { } metric)
        {
            place = place with { Metric = metric };
        }

        if ((Text(element, "utilisation_state") ?? Text(element, "breach_state")) is { } state)
        {
            place = place with { IsBreached = state is "breach" or "open" };
        }

        // A desk's unit stands with its exposure and holds for its limits too.
        var unit = Text(element, "unit") ?? Text(element, "currency") ?? (element.TryGetProperty("exposure", out var exposure) && exposure.ValueKind == JsonValueKind.Object ? Text(exposure, "unit") : null);
        return unit is { Length: > 0 } ? place with { Unit = unit } : place;
    }

    private void NoteState(JsonElement element, Place place)
    {
        if (place.Desk is { } desk && place.Below.Count == 0 && Text(element, "utilisation_state") is { } state && !element.TryGetProperty("metric", out _))
        {
            var isOpen = (element.TryGetProperty("open_breaches", out var open) && open.ValueKind == JsonValueKind.Number && open.GetInt32() > 0)
                || (element.TryGetProperty("breaches", out var breaches) && breaches.ValueKind == JsonValueKind.Array && breaches.GetArrayLength() > 0);
            _breaches[desk] = _breaches.GetValueOrDefault(desk) || state == "breach" || isOpen;
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsRatio(string name) =>
        name.Contains("utilisation", StringComparison.Ordinal) || name.Contains("ratio", StringComparison.Ordinal) || name.Contains("share", StringComparison.Ordinal)
        || name is "overshoot" or "net_to_gross" or "warning" or "critical";

    /// <summary>What the rows of a page are called: total and returned count those.</summary>
    private static string ListName(JsonElement page, string otherwise) =>
        page.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.Array && NounOf(property.Name) is not null) is { Value.ValueKind: JsonValueKind.Array } list ? list.Name : otherwise;

    private static CountNoun? NounOf(string name) => name switch
    {
        "desks" => CountNoun.Desk,
        "position_count" or "missing_delta_count" or "positions" => CountNoun.Position,
        "alerts" => CountNoun.Alert,
        "breaches" or "open_breaches" => CountNoun.Breach,
        "by_trader" => CountNoun.Trader,
        "by_security" => CountNoun.Security,
        "by_currency" => CountNoun.Currency,
        "limits" => CountNoun.Limit,
        "change_count" or "recent_changes" => CountNoun.Change,
        _ => null,
    };

    /// <param name="metric">What the object says that its values are of.</param>
    private static EvidenceMetric MetricOf(string name, string? metric) => name switch
    {
        "delta" or "net_delta" => EvidenceMetric.Net,
        "gross_delta" => EvidenceMetric.Gross,
        "long_delta" => EvidenceMetric.Long,
        "short_delta" => EvidenceMetric.Short,
        "warning_ratio" or "cure_ratio" or "warning" or "critical" => EvidenceMetric.Rule,
        "net_change" => EvidenceMetric.NetChange,
        "gross_change" => EvidenceMetric.GrossChange,
        "threshold" or "threshold_value" or "utilisation" => metric switch
        {
            "net_delta" => EvidenceMetric.NetLimit,
            "gross_delta" => EvidenceMetric.GrossLimit,
            _ => EvidenceMetric.Other,
        },
        "figure" or "metric_value" or "current_value" or "opened_value" or "peak_value" => metric switch
        {
            "net_delta" => EvidenceMetric.Net,
            "gross_delta" => EvidenceMetric.GrossValue,
            _ => EvidenceMetric.Other,
        },
        _ => EvidenceMetric.Other,
    };

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    [GeneratedRegex(@"^-?\d+\.\d{4}\z")]
    private static partial Regex Money();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?\z")]
    private static partial Regex Date();

    /// <summary>What the objects around a figure say of it.</summary>
    private sealed record Place(int Source, string? Desk, IReadOnlySet<string> Below, string? Unit, string? Metric, bool IsBreached, DateTimeOffset AsOf);
}
