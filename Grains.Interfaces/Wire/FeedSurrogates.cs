using Orleans;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Wire;

// How domain types, which know nothing of the wire, cross it. Lists travel as arrays, so that their runtime type is not told; what is
// carried is immutable, so that a copy within a silo may share its parts.

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.FeedStatus")]
internal struct FeedStatusSurrogate
{
    [Id(0)]
    public FeedState State;

    [Id(1)]
    public DateTimeOffset? AppliedThrough;

    [Id(2)]
    public DateTimeOffset? LastHeardAt;

    [Id(3)]
    public string[] Reasons;

    [Id(4)]
    public DeskDoubt[]? Desks;
}

[RegisterConverter]
internal sealed class FeedStatusConverter : IConverter<FeedStatus, FeedStatusSurrogate>
{
    public FeedStatus ConvertFromSurrogate(in FeedStatusSurrogate surrogate) => new(
        surrogate.State,
        surrogate.AppliedThrough,
        surrogate.LastHeardAt,
        surrogate.Reasons)
    {
        Desks = surrogate.Desks ?? [],
    };

    public FeedStatusSurrogate ConvertToSurrogate(in FeedStatus value) => new()
    {
        State = value.State,
        AppliedThrough = value.AppliedThrough,
        LastHeardAt = value.LastHeardAt,
        Reasons = [.. value.Reasons],
        Desks = [.. value.Desks],
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskDoubt")]
internal struct DeskDoubtSurrogate
{
    [Id(0)]
    public string Desk;

    [Id(1)]
    public string Reason;
}

[RegisterConverter]
internal sealed class DeskDoubtConverter : IConverter<DeskDoubt, DeskDoubtSurrogate>
{
    public DeskDoubt ConvertFromSurrogate(in DeskDoubtSurrogate surrogate) => new(surrogate.Desk, surrogate.Reason);

    public DeskDoubtSurrogate ConvertToSurrogate(in DeskDoubt value) => new()
    {
        Desk = value.Desk,
        Reason = value.Reason,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SnapshotProgress")]
internal struct SnapshotProgressSurrogate
{
    [Id(0)]
    public int Generation;

    [Id(1)]
    public CompletedSnapshot Completed;
}

[RegisterConverter]
internal sealed class SnapshotProgressConverter : IConverter<SnapshotProgress, SnapshotProgressSurrogate>
{
    public SnapshotProgress ConvertFromSurrogate(in SnapshotProgressSurrogate surrogate) => new(surrogate.Generation, surrogate.Completed);

    public SnapshotProgressSurrogate ConvertToSurrogate(in SnapshotProgress value) => new()
    {
        Generation = value.Generation,
        Completed = value.Completed,
    };
}

[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.CompletedSnapshot")]
internal struct CompletedSnapshotSurrogate
{
    [Id(0)]
    public int Generation;

    [Id(1)]
    public Delivery? LastRow;
}

[RegisterConverter]
internal sealed class CompletedSnapshotConverter : IConverter<CompletedSnapshot, CompletedSnapshotSurrogate>
{
    public CompletedSnapshot ConvertFromSurrogate(in CompletedSnapshotSurrogate surrogate) => new(surrogate.Generation, surrogate.LastRow);

    public CompletedSnapshotSurrogate ConvertToSurrogate(in CompletedSnapshot value) => new()
    {
        Generation = value.Generation,
        LastRow = value.LastRow,
    };
}
