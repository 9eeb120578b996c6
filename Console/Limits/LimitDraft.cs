using System.Globalization;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Limits;

namespace RiskMonitor.WebConsole.Limits;

/// <summary>A new limit while it is written. Ratios are percentages, and times are the viewer's.</summary>
public sealed class LimitDraft
{
    public const string OfDesk = "desk";
    public const string OfAll = "default";

    public static readonly IReadOnlyList<string> Metrics = [.. RiskMetrics.All.Select(metric => metric.Name())];

    public string ScopeKind { get; set; } = OfDesk;

    public string Desk { get; set; } = "";

    public string Metric { get; set; } = Metrics[0];

    public string Profile { get; set; } = "";

    public string Horizon { get; set; } = "";

    public string Threshold { get; set; } = "";

    public string Warning { get; set; } = Percent(RiskLimit.DefaultWarningRatio);

    public string Cure { get; set; } = Percent(RiskLimit.DefaultCureRatio);

    public string SeverityWarning { get; set; } = Percent(SeveritySteps.Default.Warning);

    public string SeverityCritical { get; set; } = Percent(SeveritySteps.Default.Critical);

    public DateTime? From { get; set; }

    public DateTime? To { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>As it was written; blank: <see cref="UsualId"/>.</summary>
    public string Id { get; set; } = "";

    /// <summary>Says what the limit binds. That of a desk begins as ids of that desk alone do.</summary>
    public string UsualId => $"{(ScopeKind == OfDesk ? RiskLimit.IdPrefixOf(Desk.Trim()) : "default:")}{Metric}-{Profile}-{Horizon}";

    /// <param name="zone">Of the viewer.</param>
    /// <exception cref="RequestException">A ratio is no number, or a time does not exist.</exception>
    public SetLimitInput Input(TimeZoneInfo zone) => new(
        Id.Trim() is { Length: > 0 } id ? id : UsualId,
        new LimitChange(
            Profile,
            ScopeKind,
            ScopeKind == OfDesk ? Desk.Trim() : null,
            Metric,
            Horizon,
            WithoutSeparators(Threshold),
            Ratio("warning_ratio", Warning),
            Ratio("cure_ratio", Cure),
            Ratio("severity_warning", SeverityWarning),
            Ratio("severity_critical", SeverityCritical),
            null,
            Instant("valid_from", From, zone),
            Instant("valid_to", To, zone),
            0,
            Reason.Trim()));

    /// <summary>An amount as a reader writes it, for the API, which takes digits and a point.</summary>
    public static string WithoutSeparators(string amount) => amount.Replace(",", "", StringComparison.Ordinal).Trim();

    private static string Percent(decimal ratio) => (ratio * 100).ToString("0.####", CultureInfo.InvariantCulture);

    private static decimal Ratio(string field, string percent) =>
        decimal.TryParse(percent.Trim().TrimEnd('%'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
            ? value / 100
            : throw RequestException.Invalid(field, $"is '{percent}'; give a percentage such as 80");

    private static string? Instant(string field, DateTime? local, TimeZoneInfo zone) => local is not { } time ? null
        : zone.IsInvalidTime(time) ? throw RequestException.Invalid(field, "does not exist: clocks skip it on that day; give a time before or after")
        : new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
