using Orleans;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Grains.Interfaces.Wire;

// How domain types, which know nothing of the wire, cross it. Lists travel as arrays, so that their runtime type is not told; what is
// carried is immutable, so that a copy within a silo may share its parts.

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.LimitSet")]
internal struct LimitSetSurrogate
{
    [Id(0)]
    public long Version;

    [Id(1)]
    public AlertingScope Alerting;

    [Id(2)]
    public RiskLimit[] Limits;
}

[RegisterConverter]
internal sealed class LimitSetConverter : IConverter<LimitSet, LimitSetSurrogate>
{
    public LimitSet ConvertFromSurrogate(in LimitSetSurrogate surrogate) => new(surrogate.Version, surrogate.Alerting, surrogate.Limits);

    public LimitSetSurrogate ConvertToSurrogate(in LimitSet value) => new()
    {
        Version = value.Version,
        Alerting = value.Alerting,
        Limits = [.. value.Limits],
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.AlertingScope")]
internal struct AlertingScopeSurrogate
{
    [Id(0)]
    public string Profile;

    [Id(1)]
    public string Horizon;
}

[RegisterConverter]
internal sealed class AlertingScopeConverter : IConverter<AlertingScope, AlertingScopeSurrogate>
{
    public AlertingScope ConvertFromSurrogate(in AlertingScopeSurrogate surrogate) => new(surrogate.Profile, surrogate.Horizon);

    public AlertingScopeSurrogate ConvertToSurrogate(in AlertingScope value) => new()
    {
        Profile = value.Profile,
        Horizon = value.Horizon,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.RiskLimit")]
internal struct RiskLimitSurrogate
{
    [Id(0)]
    public string LimitId;

    [Id(1)]
    public string Profile;

    [Id(2)]
    public LimitScope Scope;

    [Id(3)]
    public string ScopeKey;

    [Id(4)]
    public RiskMetric Metric;

    [Id(5)]
    public string Horizon;

    [Id(6)]
    public decimal Threshold;

    [Id(7)]
    public decimal WarningRatio;

    [Id(8)]
    public decimal CureRatio;

    [Id(9)]
    public SeveritySteps Severity;

    [Id(10)]
    public string? Currency;

    [Id(11)]
    public DateTimeOffset? ValidFrom;

    [Id(12)]
    public DateTimeOffset? ValidTo;

    [Id(13)]
    public int Version;

    [Id(14)]
    public string Reason;

    [Id(15)]
    public string ChangedBy;
}

[RegisterConverter]
internal sealed class RiskLimitConverter : IConverter<RiskLimit, RiskLimitSurrogate>
{
    public RiskLimit ConvertFromSurrogate(in RiskLimitSurrogate surrogate) => new(
        surrogate.LimitId,
        surrogate.Profile,
        surrogate.Scope,
        surrogate.ScopeKey,
        surrogate.Metric,
        surrogate.Horizon,
        surrogate.Threshold,
        surrogate.WarningRatio,
        surrogate.CureRatio,
        surrogate.Severity,
        surrogate.Currency,
        surrogate.ValidFrom,
        surrogate.ValidTo,
        surrogate.Version,
        surrogate.Reason,
        surrogate.ChangedBy);

    public RiskLimitSurrogate ConvertToSurrogate(in RiskLimit value) => new()
    {
        LimitId = value.LimitId,
        Profile = value.Profile,
        Scope = value.Scope,
        ScopeKey = value.ScopeKey,
        Metric = value.Metric,
        Horizon = value.Horizon,
        Threshold = value.Threshold,
        WarningRatio = value.WarningRatio,
        CureRatio = value.CureRatio,
        Severity = value.Severity,
        Currency = value.Currency,
        ValidFrom = value.ValidFrom,
        ValidTo = value.ValidTo,
        Version = value.Version,
        Reason = value.Reason,
        ChangedBy = value.ChangedBy,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SeveritySteps")]
internal struct SeverityStepsSurrogate
{
    [Id(0)]
    public decimal Warning;

    [Id(1)]
    public decimal Critical;
}

[RegisterConverter]
internal sealed class SeverityStepsConverter : IConverter<SeveritySteps, SeverityStepsSurrogate>
{
    public SeveritySteps ConvertFromSurrogate(in SeverityStepsSurrogate surrogate) => new(surrogate.Warning, surrogate.Critical);

    public SeverityStepsSurrogate ConvertToSurrogate(in SeveritySteps value) => new()
    {
        Warning = value.Warning,
        Critical = value.Critical,
    };
}
