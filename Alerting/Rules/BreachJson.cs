using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Alerting.Rules;

/// <summary>The same breach for programs: figures, drivers (below desk level, for those who may see them) and the assessment.</summary>
internal static class BreachJson
{
    private const int RatioDecimals = 6;

    private static readonly JsonWriterOptions s_writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(EpisodeReport report, Assessment assessment)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_writerOptions))
        {
            json.WriteStartObject();
            WriteFigures(json, report, assessment);
            json.WriteStartObject("drivers");
            WriteGroups(json, "traders", "trader_id", report.Context.Traders, report.Context.Totals.Gross);
            WriteGroups(json, "securities", "security_id", report.Context.Securities, report.Context.Totals.Gross);
            WriteGroups(json, "currencies", "currency", report.Context.Currencies, report.Context.Totals.Gross);
            json.WriteEndObject();
            WriteAssessment(json, report, assessment);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteFigures(Utf8JsonWriter json, EpisodeReport report, Assessment assessment)
    {
        var episode = report.Episode;
        json.WriteStartObject("figures");
        json.WriteString("metric", episode.Key.Metric.Name());
        json.WriteString("value", AlertDocument.Money(assessment.Value));
        json.WriteString("threshold", AlertDocument.Money(episode.Threshold));
        json.WriteString("breach_amount", AlertDocument.Money(assessment.BreachAmount));
        WriteRatio(json, "overshoot", assessment.Overshoot);
        json.WriteString("opened_value", AlertDocument.Money(episode.OpenedValue));
        json.WriteString("peak_value", AlertDocument.Money(episode.PeakValue));
        json.WriteString("net_delta", AlertDocument.Money(report.Context.Totals.Net));
        WriteTotals(json, report.Context.Totals, report.Unit);
        json.WriteString("oldest_delta_at", report.Context.OldestDeltaAt is { } oldest ? AlertDocument.Time(oldest) : null);
        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json, string name, string key, IReadOnlyList<Group> groups, decimal gross)
    {
        json.WriteStartArray(name);
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString(key, group.Key);
            json.WriteString("delta", AlertDocument.Money(group.Totals.Net));
            WriteTotals(json, group.Totals, group.Unit);
            WriteRatio(json, "share_of_gross", gross == 0 ? null : group.Totals.Gross / gross);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTotals(Utf8JsonWriter json, Totals totals, string unit)
    {
        json.WriteString("gross_delta", AlertDocument.Money(totals.Gross));
        json.WriteString("long_delta", AlertDocument.Money(totals.Long));
        json.WriteString("short_delta", AlertDocument.Money(totals.Short));
        json.WriteString("unit", unit);
        json.WriteNumber("position_count", totals.Count);
        json.WriteNumber("missing_delta_count", totals.Missing);
    }

    private static void WriteAssessment(Utf8JsonWriter json, EpisodeReport report, Assessment assessment)
    {
        json.WriteStartObject("assessment");
        json.WriteString("severity", report.Episode.Severity.Name());
        json.WriteString("breach_state", report.Episode.IsOpen ? "open" : "cured");
        json.WriteString("direction", assessment.Direction);
        WriteRatio(json, "net_to_gross", assessment.NetToGross);
        json.WriteString("largest_currency", assessment.LargestCurrency);
        WriteRatio(json, "largest_currency_share", assessment.LargestCurrencyShare);
        json.WriteString("reduction_needed", assessment.Reduction is { } reduction ? AlertDocument.Money(reduction) : null);
        json.WriteBoolean("incomplete", assessment.IsIncomplete);
        json.WriteBoolean("mixed_units", assessment.IsMixed);
        json.WriteString("feed_state", report.Feed.Name());
        json.WriteStartArray("caveats");
        foreach (var caveat in assessment.Caveats)
        {
            json.WriteStringValue(caveat);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static decimal? Rounded(decimal? ratio) => ratio is { } value ? Math.Round(value, RatioDecimals, MidpointRounding.AwayFromZero) : null;

    private static void WriteRatio(Utf8JsonWriter json, string name, decimal? ratio)
    {
        if (Rounded(ratio) is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
