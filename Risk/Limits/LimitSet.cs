using Orleans;
using RiskMonitor.Risk.Desks;

namespace RiskMonitor.Risk.Limits;

/// <summary>
/// Every limit that may bind one desk, now or at a later instant, and which of them raise alerts. <see cref="Version"/> grows with each change of the
/// limit table or of the alerting configuration, also with changes that do not concern the desk.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.LimitSet")]
public sealed record LimitSet(
    [property: Id(0)] long Version,
    [property: Id(1)] AlertingScope Alerting,
    [property: Id(2)] IReadOnlyList<RiskLimit> Limits)
{
    public static readonly LimitSet Empty = new(0, AlertingScope.Default, []);

    /// <summary>The limit that binds a desk for a metric: its own before the default.</summary>
    /// <returns>Null when none is valid at <paramref name="instant"/>.</returns>
    public RiskLimit? Effective(string desk, RiskMetric metric, string profile, string horizon, DateTimeOffset instant)
    {
        RiskLimit? best = null;
        foreach (var limit in Limits)
        {
            if (limit.Metric == metric
                && limit.AppliesTo(desk)
                && string.Equals(limit.Profile, profile, StringComparison.Ordinal)
                && string.Equals(limit.Horizon, horizon, StringComparison.Ordinal)
                && limit.IsValidAt(instant)
                && (best is null || limit.Scope > best.Scope || (limit.Scope == best.Scope && limit.Version > best.Version)))
            {
                best = limit;
            }
        }

        return best;
    }

    /// <summary>The first instant after <paramref name="instant"/> at which a limit becomes or ceases to be valid; null when none does.</summary>
    public DateTimeOffset? NextValidityInstant(DateTimeOffset instant)
    {
        DateTimeOffset? next = null;
        foreach (var limit in Limits)
        {
            Consider(limit.ValidFrom);
            Consider(limit.ValidTo);
        }

        return next;

        void Consider(DateTimeOffset? candidate)
        {
            if (candidate > instant && (next is null || candidate < next))
            {
                next = candidate;
            }
        }
    }

    /// <summary>
    /// Two sets are equal when the same limits may bind the desk and the same ones raise alerts. <see cref="Version"/> is that of the whole table and does
    /// not count: a change of another desk's limit is no change here.
    /// </summary>
    public bool Equals(LimitSet? other) => other is not null && Alerting == other.Alerting && Limits.SequenceEqual(other.Limits);

    public override int GetHashCode() => HashCode.Combine(Alerting, Limits.Count);
}

/// <summary>The profile and horizon whose limits raise alerts; the others only answer questions.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.AlertingScope")]
public sealed record AlertingScope(
    [property: Id(0)] string Profile,
    [property: Id(1)] string Horizon)
{
    public static readonly AlertingScope Default = new("standard", "intraday");
}

/// <summary>How the metrics read from totals, and what they are called outside.</summary>
public static class RiskMetrics
{
    public static IReadOnlyList<RiskMetric> All { get; } = [RiskMetric.NetDelta, RiskMetric.GrossDelta];

    public static decimal Of(this RiskMetric metric, Totals totals) => metric == RiskMetric.NetDelta ? totals.Net : totals.Gross;

    public static string Name(this RiskMetric metric) => metric == RiskMetric.NetDelta ? "net_delta" : "gross_delta";

    /// <returns>Null for a name that is none.</returns>
    public static RiskMetric? Parse(string name) => name switch
    {
        "net_delta" => RiskMetric.NetDelta,
        "gross_delta" => RiskMetric.GrossDelta,
        _ => null,
    };
}
