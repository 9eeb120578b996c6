using Orleans;
using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Risk.Limits;

/// <summary>One row of <c>risk_limits</c>: how much of a figure a desk may carry.</summary>
/// <param name="ScopeKey">The desk of a <see cref="LimitScope.Desk"/> limit; empty for <see cref="LimitScope.Default"/>, which holds for desks without their own.</param>
/// <param name="Threshold">In the unit of the figure; ≥ 0. A breach is strictly above it; at 0 any figure is a critical breach.</param>
/// <param name="WarningRatio">Share of the threshold from which utilisation is a warning.</param>
/// <param name="CureRatio">A breach is over at or below this share of the threshold; ≤ 1 (hysteresis).</param>
/// <param name="Currency">Null: the raw sum. A code would mean the figure converted to it, which needs a market snapshot.</param>
/// <param name="ValidFrom">First instant at which the limit holds; null: always.</param>
/// <param name="ValidTo">First instant at which it no longer holds; null: for ever.</param>
/// <param name="Version">1 for the first row of a limit, then one more per change.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.RiskLimit")]
public sealed record RiskLimit(
    [property: Id(0)] string LimitId,
    [property: Id(1)] string Profile,
    [property: Id(2)] LimitScope Scope,
    [property: Id(3)] string ScopeKey,
    [property: Id(4)] RiskMetric Metric,
    [property: Id(5)] string Horizon,
    [property: Id(6)] decimal Threshold,
    [property: Id(7)] decimal WarningRatio,
    [property: Id(8)] decimal CureRatio,
    [property: Id(9)] SeveritySteps Severity,
    [property: Id(10)] string? Currency,
    [property: Id(11)] DateTimeOffset? ValidFrom,
    [property: Id(12)] DateTimeOffset? ValidTo,
    [property: Id(13)] int Version,
    [property: Id(14)] string Reason,
    [property: Id(15)] string ChangedBy)
{
    /// <summary>Ids of limits that only the configuration may change begin with this.</summary>
    public const string ConfiguredPrefix = "config:";

    /// <summary>Decimals of a threshold, as of every amount in an answer.</summary>
    public const int ThresholdDecimals = 4;

    /// <summary>Thresholds are below this: what the column holds before the point.</summary>
    public const decimal ThresholdBelow = 1e18m;

    /// <summary>Decimals of ratios and severity steps.</summary>
    public const int RatioDecimals = 6;

    /// <summary>The largest severity step.</summary>
    public const decimal MostSeverityStep = 1_000_000;

    /// <summary>Ids that begin like this are of the desk that is named behind it.</summary>
    public const string DeskPrefix = "desk:";

    public const decimal DefaultWarningRatio = 0.8m;
    public const decimal DefaultCureRatio = 1.0m;

    /// <summary>Its id is that of a limit of the configuration.</summary>
    public bool IsConfigured => LimitId.StartsWith(ConfiguredPrefix, StringComparison.Ordinal);

    /// <summary>How ids of a desk begin that no other desk has.</summary>
    public static string IdPrefixOf(string desk) =>
        $"{DeskPrefix}{desk.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)}:";

    public bool IsValidAt(DateTimeOffset instant) => (ValidFrom is null || ValidFrom <= instant) && (ValidTo is null || instant < ValidTo);

    public bool AppliesTo(string desk) => Scope == LimitScope.Default || string.Equals(ScopeKey, desk, StringComparison.Ordinal);

    /// <summary>Another limit that binds the same figure of the same desks at overlapping times: it would be undefined which of the two holds.</summary>
    public bool Overlaps(RiskLimit other) =>
        LimitId != other.LimitId
        && Scope == other.Scope && ScopeKey == other.ScopeKey && Metric == other.Metric && Profile == other.Profile && Horizon == other.Horizon
        && (ValidTo is null || other.ValidFrom is null || other.ValidFrom < ValidTo)
        && (other.ValidTo is null || ValidFrom is null || ValidFrom < other.ValidTo);

    /// <summary>Says what is wrong with the row and what would be right.</summary>
    /// <returns>Null when nothing is.</returns>
    public string? Problem()
    {
        if (Threshold < 0)
        {
            return $"threshold is {Threshold}; it must be 0 or more (the limit is two-sided: give the size, not the sign)";
        }

        if (Threshold >= ThresholdBelow)
        {
            return $"threshold is {Threshold}; it must be below 10^18";
        }

        if (!Threshold.HasAtMost(ThresholdDecimals))
        {
            return $"threshold is {Threshold}; give at most {ThresholdDecimals} decimals, as amounts are kept and shown";
        }

        if (WarningRatio is < 0 or > 1)
        {
            return $"warning_ratio is {WarningRatio}; it must lie between 0 and 1 (usual: 0.8)";
        }

        if (CureRatio is < 0 or > 1)
        {
            return $"cure_ratio is {CureRatio}; it must lie between 0 and 1 (1: cured as soon as the figure is back at the threshold)";
        }

        if (Severity.Warning <= 0 || Severity.Critical <= Severity.Warning)
        {
            return $"severity_steps are {Severity.Warning} and {Severity.Critical}; both must be above 0, the second above the first (usual: 0.2 and 0.5)";
        }

        if (Severity.Critical > MostSeverityStep)
        {
            return $"severity_steps are {Severity.Warning} and {Severity.Critical}; give at most {MostSeverityStep} (usual: 0.2 and 0.5)";
        }

        (string Field, decimal Ratio)[] ratios =
        [
            ("warning_ratio", WarningRatio), ("cure_ratio", CureRatio), ("severity_warning", Severity.Warning), ("severity_critical", Severity.Critical),
        ];
        foreach (var (field, ratio) in ratios)
        {
            if (!ratio.HasAtMost(RatioDecimals))
            {
                return $"{field} is {ratio}; give at most {RatioDecimals} decimals";
            }
        }

        if (Currency is not null)
        {
            return $"currency is {Currency}; limits in a currency need converted figures, which need a market snapshot, and none is configured: leave it empty for the raw sum";
        }

        if (ValidFrom is not null && ValidTo is not null && ValidTo <= ValidFrom)
        {
            return $"valid_to {ValidTo:O} is not after valid_from {ValidFrom:O}";
        }

        if (Scope == LimitScope.Desk && ScopeKey.Length == 0)
        {
            return "scope_key is empty; a limit of scope desk names its desk";
        }

        return null;
    }
}

/// <summary>What a limit binds. The most specific limit wins.</summary>
public enum LimitScope
{
    Default,
    Desk,
}

/// <summary>The figure that a limit bounds.</summary>
public enum RiskMetric
{
    /// <summary>Σ delta; the limit bounds its size on both sides.</summary>
    NetDelta,

    /// <summary>Σ |delta|, per position.</summary>
    GrossDelta,
}

/// <summary>Overshoot, as a share of the threshold, from which a breach is worse than INFO.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SeveritySteps")]
public readonly record struct SeveritySteps(
    [property: Id(0)] decimal Warning,
    [property: Id(1)] decimal Critical)
{
    public static readonly SeveritySteps Default = new(0.2m, 0.5m);
}
