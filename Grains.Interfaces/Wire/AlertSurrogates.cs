using Orleans;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Interfaces.Wire;

// How domain types, which know nothing of the wire, cross it. Lists travel as arrays, so that their runtime type is not told; what is
// carried is immutable, so that a copy within a silo may share its parts.

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Analysis")]
internal struct AnalysisSurrogate
{
    [Id(0)]
    public string Text;

    [Id(1)]
    public string Json;

    [Id(2)]
    public string Source;
}

[RegisterConverter]
internal sealed class AnalysisConverter : IConverter<Analysis, AnalysisSurrogate>
{
    public Analysis ConvertFromSurrogate(in AnalysisSurrogate surrogate) => new(surrogate.Text, surrogate.Json, surrogate.Source);

    public AnalysisSurrogate ConvertToSurrogate(in Analysis value) => new()
    {
        Text = value.Text,
        Json = value.Json,
        Source = value.Source,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeliveryResult")]
internal struct DeliveryResultSurrogate
{
    [Id(0)]
    public DeliveryOutcome Outcome;

    [Id(1)]
    public string Detail;

    [Id(2)]
    public TimeSpan? RetryAfter;
}

[RegisterConverter]
internal sealed class DeliveryResultConverter : IConverter<DeliveryResult, DeliveryResultSurrogate>
{
    public DeliveryResult ConvertFromSurrogate(in DeliveryResultSurrogate surrogate) => new(
        surrogate.Outcome,
        surrogate.Detail,
        surrogate.RetryAfter);

    public DeliveryResultSurrogate ConvertToSurrogate(in DeliveryResult value) => new()
    {
        Outcome = value.Outcome,
        Detail = value.Detail,
        RetryAfter = value.RetryAfter,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.AckRequest")]
internal struct AckRequestSurrogate
{
    [Id(0)]
    public string By;

    [Id(1)]
    public string? OnBehalfOf;

    [Id(2)]
    public string? Comment;

    [Id(3)]
    public Disposition? Disposition;

    [Id(4)]
    public string? DeliveryId;

    [Id(5)]
    public string? PayloadSha256;
}

[RegisterConverter]
internal sealed class AckRequestConverter : IConverter<AckRequest, AckRequestSurrogate>
{
    public AckRequest ConvertFromSurrogate(in AckRequestSurrogate surrogate) => new(
        surrogate.By,
        surrogate.OnBehalfOf,
        surrogate.Comment,
        surrogate.Disposition,
        surrogate.DeliveryId,
        surrogate.PayloadSha256);

    public AckRequestSurrogate ConvertToSurrogate(in AckRequest value) => new()
    {
        By = value.By,
        OnBehalfOf = value.OnBehalfOf,
        Comment = value.Comment,
        Disposition = value.Disposition,
        DeliveryId = value.DeliveryId,
        PayloadSha256 = value.PayloadSha256,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.AckAnswer")]
internal struct AckAnswerSurrogate
{
    [Id(0)]
    public AckOutcome Outcome;

    [Id(1)]
    public AlertStatus? Status;

    [Id(2)]
    public int Revision;

    [Id(3)]
    public DateTimeOffset? ConsumedAt;

    [Id(4)]
    public string? Problem;

    [Id(5)]
    public string? CurrentDeliveryId;

    [Id(6)]
    public string? By;

    [Id(7)]
    public string? OnBehalfOf;
}

[RegisterConverter]
internal sealed class AckAnswerConverter : IConverter<AckAnswer, AckAnswerSurrogate>
{
    public AckAnswer ConvertFromSurrogate(in AckAnswerSurrogate surrogate) => new(
        surrogate.Outcome,
        surrogate.Status,
        surrogate.Revision,
        surrogate.ConsumedAt,
        surrogate.Problem,
        surrogate.CurrentDeliveryId,
        surrogate.By,
        surrogate.OnBehalfOf);

    public AckAnswerSurrogate ConvertToSurrogate(in AckAnswer value) => new()
    {
        Outcome = value.Outcome,
        Status = value.Status,
        Revision = value.Revision,
        ConsumedAt = value.ConsumedAt,
        Problem = value.Problem,
        CurrentDeliveryId = value.CurrentDeliveryId,
        By = value.By,
        OnBehalfOf = value.OnBehalfOf,
    };
}
