using Orleans;
using Orleans.Serialization.Cloning;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Wire;

// How domain types, which know nothing of the wire, cross it. Lists travel as arrays, so that their runtime type is not told; what is
// carried is immutable, so that a copy within a silo may share its parts.

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskView")]
internal struct DeskPictureSurrogate
{
    [Id(0)]
    public string Desk;

    [Id(1)]
    public long Sequence;

    [Id(2)]
    public DateTimeOffset? At;

    [Id(3)]
    public Totals Totals;

    [Id(4)]
    public string Unit;

    [Id(5)]
    public DateTimeOffset? OldestDeltaAt;

    [Id(6)]
    public bool IsBuilding;

    [Id(7)]
    public LimitSet Limits;

    [Id(8)]
    public DateTimeOffset LimitsAsOf;

    [Id(9)]
    public Episode[] OpenEpisodes;

    [Id(10)]
    public Dictionary<FeedPartition, long> Offsets;

    [Id(11)]
    public DeskBreakdown Breakdown;

    [Id(12)]
    public string? LimitsProblem;
}

[RegisterConverter]
internal sealed class DeskPictureConverter : IConverter<DeskView, DeskPictureSurrogate>
{
    public DeskView ConvertFromSurrogate(in DeskPictureSurrogate surrogate) => new(
        surrogate.Desk,
        surrogate.Sequence,
        surrogate.At,
        surrogate.Totals,
        surrogate.Unit,
        surrogate.OldestDeltaAt,
        surrogate.IsBuilding,
        surrogate.Limits,
        surrogate.LimitsAsOf,
        surrogate.OpenEpisodes,
        surrogate.Offsets,
        surrogate.Breakdown)
    {
        LimitsProblem = surrogate.LimitsProblem,
    };

    public DeskPictureSurrogate ConvertToSurrogate(in DeskView value) => new()
    {
        Desk = value.Desk,
        Sequence = value.Sequence,
        At = value.At,
        Totals = value.Totals,
        Unit = value.Unit,
        OldestDeltaAt = value.OldestDeltaAt,
        IsBuilding = value.IsBuilding,
        Limits = value.Limits,
        LimitsAsOf = value.LimitsAsOf,
        OpenEpisodes = [.. value.OpenEpisodes],
        Offsets = new Dictionary<FeedPartition, long>(value.Offsets),
        Breakdown = value.Breakdown,
        LimitsProblem = value.LimitsProblem,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskBreakdown")]
internal struct DeskBreakdownSurrogate
{
    [Id(0)]
    public TotalsLeaf[] Currencies;

    [Id(1)]
    public TotalsLeaf[] Traders;

    [Id(2)]
    public TotalsLeaf[] Securities;
}

[RegisterConverter]
internal sealed class DeskBreakdownConverter : IConverter<DeskBreakdown, DeskBreakdownSurrogate>
{
    public DeskBreakdown ConvertFromSurrogate(in DeskBreakdownSurrogate surrogate) => new(
        surrogate.Currencies,
        surrogate.Traders,
        surrogate.Securities);

    public DeskBreakdownSurrogate ConvertToSurrogate(in DeskBreakdown value) => new()
    {
        Currencies = [.. value.Currencies],
        Traders = [.. value.Traders],
        Securities = [.. value.Securities],
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.TotalsLeaf")]
internal struct TotalsLeafSurrogate
{
    [Id(0)]
    public string Key;

    [Id(1)]
    public string Currency;

    [Id(2)]
    public Totals Totals;

    [Id(3)]
    public decimal? Quantity;
}

[RegisterConverter]
internal sealed class TotalsLeafConverter : IConverter<TotalsLeaf, TotalsLeafSurrogate>
{
    public TotalsLeaf ConvertFromSurrogate(in TotalsLeafSurrogate surrogate) => new(
        surrogate.Key,
        surrogate.Currency,
        surrogate.Totals,
        surrogate.Quantity);

    public TotalsLeafSurrogate ConvertToSurrogate(in TotalsLeaf value) => new()
    {
        Key = value.Key,
        Currency = value.Currency,
        Totals = value.Totals,
        Quantity = value.Quantity,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Totals")]
internal struct TotalsSurrogate
{
    [Id(0)]
    public decimal Long;

    [Id(1)]
    public decimal Short;

    [Id(2)]
    public int Count;

    [Id(3)]
    public int Missing;
}

[RegisterConverter]
internal sealed class TotalsConverter : IConverter<Totals, TotalsSurrogate>
{
    public Totals ConvertFromSurrogate(in TotalsSurrogate surrogate) => new(
        surrogate.Long,
        surrogate.Short,
        surrogate.Count,
        surrogate.Missing);

    public TotalsSurrogate ConvertToSurrogate(in Totals value) => new()
    {
        Long = value.Long,
        Short = value.Short,
        Count = value.Count,
        Missing = value.Missing,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Group")]
internal struct GroupSurrogate
{
    [Id(0)]
    public string Key;

    [Id(1)]
    public string Unit;

    [Id(2)]
    public Totals Totals;
}

[RegisterConverter]
internal sealed class GroupConverter : IConverter<Group, GroupSurrogate>
{
    public Group ConvertFromSurrogate(in GroupSurrogate surrogate) => new(surrogate.Key, surrogate.Unit, surrogate.Totals);

    public GroupSurrogate ConvertToSurrogate(in Group value) => new()
    {
        Key = value.Key,
        Unit = value.Unit,
        Totals = value.Totals,
    };
}

/// <summary>
/// A picture never changes, so whoever asks within the silo gets the desk's own: what a reader has merged of it, the next one finds merged.
/// </summary>
[RegisterCopier]
internal sealed class DeskPictureCopier : ShallowCopier<DeskView>;
