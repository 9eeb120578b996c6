using Orleans;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Journal;

/// <summary>The snapshots of a topic, counted. Each row belongs to the generation that had begun when it arrived.</summary>
/// <param name="Generation">The snapshot that began last; 0 while there was none.</param>
/// <param name="Completed">The last one that every partition has passed.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SnapshotProgress")]
public readonly record struct SnapshotProgress(
    [property: Id(0)] int Generation,
    [property: Id(1)] CompletedSnapshot Completed)
{
    public bool IsBuilding => Generation > Completed.Generation;
}

/// <summary>A snapshot that every partition has passed.</summary>
/// <param name="LastRow">Where its last row was delivered; null when there was none.</param>
/// <param name="Source">Where in the source's log it was taken; null where the form does not say.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.CompletedSnapshot")]
public readonly record struct CompletedSnapshot(
    [property: Id(0)] int Generation,
    [property: Id(1)] Delivery? LastRow,
    [property: Id(2)] SourcePosition? Source = null);
