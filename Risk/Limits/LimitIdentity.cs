
namespace RiskMonitor.Risk.Limits;

/// <summary>What a limit binds; there is one row for each.</summary>
public sealed record LimitIdentity(string? Desk, RiskMetric Metric, string Profile, string Horizon)
{
    public LimitScope Scope => Desk is null ? LimitScope.Default : LimitScope.Desk;

    /// <summary>The id of a row made for it.</summary>
    public string NewId => $"{(Desk is null ? "default:" : RiskLimit.IdPrefixOf(Desk))}{Metric.Name()}:{Profile}:{Horizon}";

    public bool IsOf(RiskLimit limit) =>
        limit.Scope == Scope && limit.ScopeKey == (Desk ?? "") && limit.Metric == Metric && limit.Profile == Profile && limit.Horizon == Horizon;

    /// <summary>A row for it at version 0: not stored yet.</summary>
    public RiskLimit NewLimit(decimal threshold, string reason, string changedBy) => new(
        NewId,
        Profile,
        Scope,
        Desk ?? "",
        Metric,
        Horizon,
        threshold,
        RiskLimit.DefaultWarningRatio,
        RiskLimit.DefaultCureRatio,
        SeveritySteps.Default,
        Currency: null,
        ValidFrom: null,
        ValidTo: null,
        Version: 0,
        reason,
        changedBy);
}
