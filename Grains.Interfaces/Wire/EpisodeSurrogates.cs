using Orleans;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Wire;

// How domain types, which know nothing of the wire, cross it. Lists travel as arrays, so that their runtime type is not told; what is
// carried is immutable, so that a copy within a silo may share its parts.

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.EpisodeKey")]
internal struct EpisodeKeySurrogate
{
    [Id(0)]
    public RiskMetric Metric;

    [Id(1)]
    public string Horizon;

    [Id(2)]
    public string Profile;
}

[RegisterConverter]
internal sealed class EpisodeKeyConverter : IConverter<EpisodeKey, EpisodeKeySurrogate>
{
    public EpisodeKey ConvertFromSurrogate(in EpisodeKeySurrogate surrogate) => new(surrogate.Metric, surrogate.Horizon, surrogate.Profile);

    public EpisodeKeySurrogate ConvertToSurrogate(in EpisodeKey value) => new()
    {
        Metric = value.Metric,
        Horizon = value.Horizon,
        Profile = value.Profile,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Episode")]
internal struct EpisodeSurrogate
{
    [Id(0)]
    public EpisodeKey Key;

    [Id(1)]
    public int Number;

    [Id(2)]
    public Guid AlertId;

    [Id(3)]
    public DateTimeOffset OpenedAt;

    [Id(4)]
    public decimal OpenedValue;

    [Id(5)]
    public BreachCause Cause;

    [Id(6)]
    public LimitReference Limit;

    [Id(7)]
    public decimal Value;

    [Id(8)]
    public decimal Threshold;

    [Id(9)]
    public Severity Severity;

    [Id(10)]
    public int Revision;

    [Id(11)]
    public decimal PeakValue;

    [Id(12)]
    public DateTimeOffset PeakAt;

    [Id(13)]
    public DateTimeOffset? CuredAt;

    [Id(14)]
    public CureReason? CureReason;

    [Id(15)]
    public bool Transient;

    [Id(16)]
    public string Unit;
}

[RegisterConverter]
internal sealed class EpisodeConverter : IConverter<Episode, EpisodeSurrogate>
{
    public Episode ConvertFromSurrogate(in EpisodeSurrogate surrogate) => new()
    {
        Key = surrogate.Key,
        Number = surrogate.Number,
        AlertId = surrogate.AlertId,
        OpenedAt = surrogate.OpenedAt,
        OpenedValue = surrogate.OpenedValue,
        Cause = surrogate.Cause,
        Limit = surrogate.Limit,
        Value = surrogate.Value,
        Threshold = surrogate.Threshold,
        Severity = surrogate.Severity,
        Revision = surrogate.Revision,
        PeakValue = surrogate.PeakValue,
        PeakAt = surrogate.PeakAt,
        CuredAt = surrogate.CuredAt,
        CureReason = surrogate.CureReason,
        Transient = surrogate.Transient,
        Unit = surrogate.Unit,
    };

    public EpisodeSurrogate ConvertToSurrogate(in Episode value) => new()
    {
        Key = value.Key,
        Number = value.Number,
        AlertId = value.AlertId,
        OpenedAt = value.OpenedAt,
        OpenedValue = value.OpenedValue,
        Cause = value.Cause,
        Limit = value.Limit,
        Value = value.Value,
        Threshold = value.Threshold,
        Severity = value.Severity,
        Revision = value.Revision,
        PeakValue = value.PeakValue,
        PeakAt = value.PeakAt,
        CuredAt = value.CuredAt,
        CureReason = value.CureReason,
        Transient = value.Transient,
        Unit = value.Unit,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.LimitReference")]
internal struct LimitReferenceSurrogate
{
    [Id(0)]
    public string LimitId;

    [Id(1)]
    public int Version;
}

[RegisterConverter]
internal sealed class LimitReferenceConverter : IConverter<LimitReference, LimitReferenceSurrogate>
{
    public LimitReference ConvertFromSurrogate(in LimitReferenceSurrogate surrogate) => new(surrogate.LimitId, surrogate.Version);

    public LimitReferenceSurrogate ConvertToSurrogate(in LimitReference value) => new()
    {
        LimitId = value.LimitId,
        Version = value.Version,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.BreachCause")]
internal struct BreachCauseSurrogate
{
    [Id(0)]
    public CauseKind Kind;

    [Id(1)]
    public Delivery? Delivery;

    [Id(2)]
    public string? PositionId;

    [Id(3)]
    public SourcePosition? Source;

    [Id(4)]
    public string? TransactionId;

    [Id(5)]
    public SourceTime? Time;

    [Id(6)]
    public DateTimeOffset? IngestedAt;
}

[RegisterConverter]
internal sealed class BreachCauseConverter : IConverter<BreachCause, BreachCauseSurrogate>
{
    public BreachCause ConvertFromSurrogate(in BreachCauseSurrogate surrogate) => new(
        surrogate.Kind,
        surrogate.Delivery,
        surrogate.PositionId,
        surrogate.Source,
        surrogate.TransactionId,
        surrogate.Time,
        surrogate.IngestedAt);

    public BreachCauseSurrogate ConvertToSurrogate(in BreachCause value) => new()
    {
        Kind = value.Kind,
        Delivery = value.Delivery,
        PositionId = value.PositionId,
        Source = value.Source,
        TransactionId = value.TransactionId,
        Time = value.Time,
        IngestedAt = value.IngestedAt,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.EpisodeReport")]
internal struct EpisodeReportSurrogate
{
    [Id(0)]
    public string Desk;

    [Id(1)]
    public long Sequence;

    [Id(2)]
    public Episode Episode;

    [Id(3)]
    public string Unit;

    [Id(4)]
    public FeedState Feed;

    [Id(5)]
    public DateTimeOffset DetectedAt;

    [Id(6)]
    public BreachContext Context;
}

[RegisterConverter]
internal sealed class EpisodeReportConverter : IConverter<EpisodeReport, EpisodeReportSurrogate>
{
    public EpisodeReport ConvertFromSurrogate(in EpisodeReportSurrogate surrogate) => new(
        surrogate.Desk,
        surrogate.Sequence,
        surrogate.Episode,
        surrogate.Unit,
        surrogate.Feed,
        surrogate.DetectedAt,
        surrogate.Context);

    public EpisodeReportSurrogate ConvertToSurrogate(in EpisodeReport value) => new()
    {
        Desk = value.Desk,
        Sequence = value.Sequence,
        Episode = value.Episode,
        Unit = value.Unit,
        Feed = value.Feed,
        DetectedAt = value.DetectedAt,
        Context = value.Context,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.BreachContext")]
internal struct BreachContextSurrogate
{
    [Id(0)]
    public Totals Totals;

    [Id(1)]
    public Group[] Currencies;

    [Id(2)]
    public Group[] Traders;

    [Id(3)]
    public Group[] Securities;

    [Id(4)]
    public DateTimeOffset? OldestDeltaAt;
}

[RegisterConverter]
internal sealed class BreachContextConverter : IConverter<BreachContext, BreachContextSurrogate>
{
    public BreachContext ConvertFromSurrogate(in BreachContextSurrogate surrogate) => new(
        surrogate.Totals,
        surrogate.Currencies,
        surrogate.Traders,
        surrogate.Securities,
        surrogate.OldestDeltaAt);

    public BreachContextSurrogate ConvertToSurrogate(in BreachContext value) => new()
    {
        Totals = value.Totals,
        Currencies = [.. value.Currencies],
        Traders = [.. value.Traders],
        Securities = [.. value.Securities],
        OldestDeltaAt = value.OldestDeltaAt,
    };
}
