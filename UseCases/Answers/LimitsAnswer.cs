using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A page of limits.</summary>
public sealed record LimitsAnswer : ListAnswer
{
    internal LimitsAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    public required IReadOnlyList<LimitRowAnswer> Limits { get; init; }
}

/// <summary>A row of the limit table.</summary>
/// <param name="Effective">True if this limit is in force for the requested desk now; null if no desk was requested.</param>
public sealed record LimitRowAnswer(
    string LimitId,
    string Profile,
    string ScopeKind,
    string ScopeKey,
    string Metric,
    string Horizon,
    Money Threshold,
    decimal WarningRatio,
    decimal CureRatio,
    SeverityStepsAnswer SeveritySteps,
    string? Currency,
    DateTimeOffset? ValidFrom,
    DateTimeOffset? ValidTo,
    int Version,
    string Reason,
    string ChangedBy,
    bool? Effective)
{
    public static LimitRowAnswer Of(RiskLimit limit, bool? effective) => new(
        limit.LimitId,
        limit.Profile,
        limit.Scope.Name(),
        limit.ScopeKey,
        limit.Metric.Name(),
        limit.Horizon,
        limit.Threshold,
        limit.WarningRatio,
        limit.CureRatio,
        new SeverityStepsAnswer(limit.Severity.Warning, limit.Severity.Critical),
        limit.Currency,
        limit.ValidFrom,
        limit.ValidTo,
        limit.Version,
        limit.Reason,
        limit.ChangedBy,
        effective);
}

/// <summary>Overshoot, as a share of the threshold, from which a breach is WARNING and CRITICAL.</summary>
public sealed record SeverityStepsAnswer(decimal Warning, decimal Critical);
