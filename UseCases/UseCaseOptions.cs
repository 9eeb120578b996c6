using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;
using RiskMonitor.UseCases.Asking;

namespace RiskMonitor.UseCases;

/// <summary>What the frontend may ask for, and how long it waits (<c>Frontend:…</c>).</summary>
public sealed class UseCaseOptions : IValidatableObject
{
    public const string Section = "Frontend";

    /// <summary>The feed whose state every answer reports.</summary>
    public string Feed { get; set; } = "positions_cdc";

    /// <summary>Limit profiles that may be asked for, comma separated; the first is taken where none is named.</summary>
    public string Profiles { get; set; } = "standard";

    /// <summary>The same for horizons.</summary>
    public string Horizons { get; set; } = "intraday, overnight";

    /// <summary>Where a day closes, for an <c>as_of</c> that is a date: an IANA zone.</summary>
    public string BusinessTimeZone { get; set; } = "UTC";

    /// <summary>A call that takes longer answers <c>timeout</c>.</summary>
    [Bounds(Above = "00:00:00", Max = "00:05:00", Usual = "00:00:10")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long <c>/ready</c> waits for storage and silo.</summary>
    [Bounds(Above = "00:00:00", Max = "00:05:00", Usual = "00:00:03")]
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>What the language model may take of a question's time; zero where there is none.</summary>
    internal TimeSpan ModelTime { get; set; }

    /// <summary>A question may take a model's time, and then a call's for the rules.</summary>
    internal TimeSpan TimeoutOf(string tool) => tool == AskRisk.Tool ? ModelTime + CallTimeout : CallTimeout;

    public IReadOnlyList<string> ProfileNames() => Names(Profiles);

    public IReadOnlyList<string> HorizonNames() => Names(Horizons);

    /// <summary>Null for a zone that is not known here.</summary>
    internal TimeZoneInfo? BusinessZone => TimeZoneInfo.TryFindSystemTimeZoneById(BusinessTimeZone, out var zone) ? zone : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        problems.Require(!string.IsNullOrWhiteSpace(Feed), nameof(Feed), "empty", "name the feed (topic) that is ingested (usual: positions_cdc)");
        problems.Require(ProfileNames().Count > 0, nameof(Profiles), $"'{Profiles}'", "name at least one limit profile (usual: standard)");
        problems.Require(HorizonNames().Count > 0, nameof(Horizons), $"'{Horizons}'", "name at least one horizon (usual: intraday, overnight)");
        problems.Require(
            BusinessZone is not null,
            nameof(BusinessTimeZone),
            $"'{BusinessTimeZone}', which is not known here",
            "give an IANA zone, such as Europe/London or UTC"
                + (TimeZoneInfo.GetSystemTimeZones().Count > 1 ? "" : "; this system has no time zone data at all: install the package tzdata"));
        return problems.Results();
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

[OptionsValidator]
public sealed partial class UseCaseOptionsValidator : IValidateOptions<UseCaseOptions>;
