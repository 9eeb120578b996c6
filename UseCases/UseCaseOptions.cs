using RiskMonitor.UseCases.Asking;

namespace RiskMonitor.UseCases;

/// <summary>What the frontend may ask for, and how long it waits (<c>Frontend:…</c>).</summary>
public sealed class UseCaseOptions
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
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long <c>/ready</c> waits for storage and silo.</summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>What the language model may take of a question's time; zero where there is none.</summary>
    internal TimeSpan ModelTime { get; set; }

    /// <summary>A question may take a model's time, and then a call's for the rules.</summary>
    internal TimeSpan TimeoutOf(string tool) => tool == AskRisk.Tool ? ModelTime + CallTimeout : CallTimeout;

    internal IReadOnlyList<string> ProfileNames => Names(Profiles);

    internal IReadOnlyList<string> HorizonNames => Names(Horizons);

    /// <summary>Null for a zone that is not known here.</summary>
    internal TimeZoneInfo? BusinessZone => TimeZoneInfo.TryFindSystemTimeZoneById(BusinessTimeZone, out var zone) ? zone : null;

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
