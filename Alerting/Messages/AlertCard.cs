using System.Globalization;
using System.Text;
using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Alerting.Messages;

/// <summary>
/// What a message for people contains: title, figures, conclusion and links. They are read from the frozen body of the webhook's message, so that every
/// form contains the same figures, and a retry repeats them.
/// </summary>
/// <param name="Title">One line.</param>
/// <param name="Message">One sentence with the figures.</param>
/// <param name="Facts">The figures by name.</param>
/// <param name="Conclusion">The analysis; null where there is none.</param>
internal sealed record AlertCard(
    OutgoingMessage Source,
    string Desk,
    string Severity,
    string Metric,
    string OpenedAt,
    string Title,
    string Message,
    IReadOnlyList<(string Name, string Value)> Facts,
    string? Conclusion,
    Uri? Page,
    Uri? Acknowledge)
{
    private const int MostLineChars = 250;

    public bool IsCured => Source.Kind == NotificationKind.Cured;

    /// <summary>What a message about several alerts tells of each, the most urgent first; empty in one about a single alert.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>What the link to <see cref="Page"/> is called.</summary>
    public string PageTitle { get; init; } = "Open report";

    /// <summary>The alert in one line of a list.</summary>
    public string Line => Cut($"{Title}: {string.Join(", ", Facts.Skip(FirstFigure).Take(Figures).Select(fact => $"{fact.Name} {fact.Value}"))}", MostLineChars);

    /// <summary>As many lines as fit, and how many more there are.</summary>
    public IReadOnlyList<string> Listed(int mostLines, int mostBytes)
    {
        var listed = new List<string>();
        foreach (var line in Lines.Take(mostLines))
        {
            mostBytes -= Encoding.UTF8.GetByteCount(line);
            if (mostBytes < 0)
            {
                break;
            }

            listed.Add(line);
        }

        return listed.Count == Lines.Count ? listed : [.. listed, string.Create(CultureInfo.InvariantCulture, $"… and {Lines.Count - listed.Count} more")];
    }

    /// <summary>Where the figure, the limit and the excess stand among the facts.</summary>
    private const int FirstFigure = 2;
    private const int Figures = 3;

    /// <exception cref="JsonException">The body is none of ours.</exception>
    public static AlertCard Of(OutgoingMessage message, AlertLinks links)
    {
        using var json = JsonDocument.Parse(message.Body);
        var data = json.RootElement.GetProperty("data");
        if (message.IsTest)
        {
            return new AlertCard(
                message, "risk monitor", Text("severity"), "test", Text("opened_at"), "Test message", Text("message"), [("Endpoint", message.Endpoint)], null, null, null);
        }

        var (desk, severity, unit) = (Text("desk"), Text("severity"), Text("unit"));
        var facts = new List<(string, string)>
        {
            ("Desk", VisibleText.Escaped(desk)),
            ("Severity", severity),
            (Text("metric_name"), $"{Text("metric_value")} {unit}".TrimEnd()),
            ("Limit", $"{Text("threshold_value")} {unit}".TrimEnd()),
            ("Over by", $"{Text("breach_amount")} {unit}".TrimEnd()),
            ("Peak", $"{Text("peak_value")} {unit}".TrimEnd()),
            ("Breach", Text("breach_state")),
            ("Opened", Text("opened_at")),
            ("Revision", message.Revision.ToString(CultureInfo.InvariantCulture)),
        };
        if (Text("feed_state") is { } feed and not "live" and not "")
        {
            facts.Add(("Feed", feed));
        }

        if (Latency(data) is { } latency)
        {
            facts.Add(("Latency", latency));
        }

        return new AlertCard(
            message,
            desk,
            severity,
            Text("metric_name"),
            Text("opened_at"),
            $"{What(message.Kind)} {severity}: {VisibleText.Escaped(desk)}",
            Text("message"),
            facts,
            Text("analysis_text") is { Length: > 0 } conclusion ? conclusion : null,
            links.PageOf(message),
            links.AckOf(message));

        string Text(string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }

    /// <summary>How long the alert took to be detected and analysed, since the source's commit.</summary>
    private static string? Latency(JsonElement data)
    {
        if (!data.TryGetProperty("latency", out var receipt) || At("committed_at") is not { } committed)
        {
            return null;
        }

        string?[] stages = [Since("detected", At("detected_at")), Since("analysed", At("analysed_at"))];
        return string.Join(", ", stages.OfType<string>()) is { Length: > 0 } text ? $"{text} after the commit" : null;

        DateTimeOffset? At(string station) => receipt.TryGetProperty(station, out var passed) ? passed.GetProperty("at").GetDateTimeOffset() : null;

        string? Since(string stage, DateTimeOffset? at) => at is null ? null : string.Create(CultureInfo.InvariantCulture, $"{stage} {(at.Value - committed).TotalMilliseconds:0} ms");
    }

    private static string What(NotificationKind kind) => kind switch
    {
        NotificationKind.Opened => "Limit breach,",
        NotificationKind.Escalated => "Limit breach escalated,",
        NotificationKind.Reminder => "Limit breach still open,",
        _ => "Limit breach over,",
    };

    /// <summary>A text cut to a receiver's maximum.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }
}
