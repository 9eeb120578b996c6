using Orleans;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Wire;

// How domain types, which know nothing of the wire, cross it. Lists travel as arrays, so that their runtime type is not told; what is
// carried is immutable, so that a copy within a silo may share its parts.

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Delivery")]
internal struct DeliverySurrogate
{
    [Id(0)]
    public string Topic;

    [Id(1)]
    public int Partition;

    [Id(2)]
    public long Offset;
}

[RegisterConverter]
internal sealed class DeliveryConverter : IConverter<Delivery, DeliverySurrogate>
{
    public Delivery ConvertFromSurrogate(in DeliverySurrogate surrogate) => new(surrogate.Topic, surrogate.Partition, surrogate.Offset);

    public DeliverySurrogate ConvertToSurrogate(in Delivery value) => new()
    {
        Topic = value.Topic,
        Partition = value.Partition,
        Offset = value.Offset,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.FeedPartition")]
internal struct FeedPartitionSurrogate
{
    [Id(0)]
    public string Topic;

    [Id(1)]
    public int Partition;
}

[RegisterConverter]
internal sealed class FeedPartitionConverter : IConverter<FeedPartition, FeedPartitionSurrogate>
{
    public FeedPartition ConvertFromSurrogate(in FeedPartitionSurrogate surrogate) => new(surrogate.Topic, surrogate.Partition);

    public FeedPartitionSurrogate ConvertToSurrogate(in FeedPartition value) => new()
    {
        Topic = value.Topic,
        Partition = value.Partition,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SourcePosition")]
internal struct SourcePositionSurrogate
{
    [Id(0)]
    public string Log;

    [Id(1)]
    public long File;

    [Id(2)]
    public long Offset;

    [Id(3)]
    public int Row;
}

[RegisterConverter]
internal sealed class SourcePositionConverter : IConverter<SourcePosition, SourcePositionSurrogate>
{
    public SourcePosition ConvertFromSurrogate(in SourcePositionSurrogate surrogate) => new(
        surrogate.Log,
        surrogate.File,
        surrogate.Offset,
        surrogate.Row);

    public SourcePositionSurrogate ConvertToSurrogate(in SourcePosition value) => new()
    {
        Log = value.Log,
        File = value.File,
        Offset = value.Offset,
        Row = value.Row,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SourceTime")]
internal struct SourceTimeSurrogate
{
    [Id(0)]
    public DateTimeOffset CommittedAt;

    [Id(1)]
    public bool CommittedToSecond;

    [Id(2)]
    public DateTimeOffset? ConnectorAt;
}

[RegisterConverter]
internal sealed class SourceTimeConverter : IConverter<SourceTime, SourceTimeSurrogate>
{
    public SourceTime ConvertFromSurrogate(in SourceTimeSurrogate surrogate) => new(
        surrogate.CommittedAt,
        surrogate.CommittedToSecond,
        surrogate.ConnectorAt);

    public SourceTimeSurrogate ConvertToSurrogate(in SourceTime value) => new()
    {
        CommittedAt = value.CommittedAt,
        CommittedToSecond = value.CommittedToSecond,
        ConnectorAt = value.ConnectorAt,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Position")]
internal struct PositionSurrogate
{
    [Id(0)]
    public string PositionId;

    [Id(1)]
    public string TraderId;

    [Id(2)]
    public string Desk;

    [Id(3)]
    public string SecurityId;

    [Id(4)]
    public decimal Quantity;

    [Id(5)]
    public decimal? Delta;

    [Id(6)]
    public DateOnly EntryDate;

    [Id(7)]
    public string Currency;

    [Id(8)]
    public DateTimeOffset? UpdatedAt;
}

[RegisterConverter]
internal sealed class PositionConverter : IConverter<Position, PositionSurrogate>
{
    public Position ConvertFromSurrogate(in PositionSurrogate surrogate) => new(
        surrogate.PositionId,
        surrogate.TraderId,
        surrogate.Desk,
        surrogate.SecurityId,
        surrogate.Quantity,
        surrogate.Delta,
        surrogate.EntryDate,
        surrogate.Currency,
        surrogate.UpdatedAt);

    public PositionSurrogate ConvertToSurrogate(in Position value) => new()
    {
        PositionId = value.PositionId,
        TraderId = value.TraderId,
        Desk = value.Desk,
        SecurityId = value.SecurityId,
        Quantity = value.Quantity,
        Delta = value.Delta,
        EntryDate = value.EntryDate,
        Currency = value.Currency,
        UpdatedAt = value.UpdatedAt,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.PositionChange")]
internal struct PositionChangeSurrogate
{
    [Id(0)]
    public Delivery Delivery;

    [Id(1)]
    public string PositionId;

    [Id(2)]
    public Position? After;

    [Id(3)]
    public SourcePosition? Source;

    [Id(4)]
    public string? TransactionId;

    [Id(5)]
    public SourceTime? Time;
}

[RegisterConverter]
internal sealed class PositionChangeConverter : IConverter<PositionChange, PositionChangeSurrogate>
{
    public PositionChange ConvertFromSurrogate(in PositionChangeSurrogate surrogate) => new(
        surrogate.Delivery,
        surrogate.PositionId,
        surrogate.After,
        surrogate.Source,
        surrogate.TransactionId,
        surrogate.Time);

    public PositionChangeSurrogate ConvertToSurrogate(in PositionChange value) => new()
    {
        Delivery = value.Delivery,
        PositionId = value.PositionId,
        After = value.After,
        Source = value.Source,
        TransactionId = value.TransactionId,
        Time = value.Time,
    };
}
