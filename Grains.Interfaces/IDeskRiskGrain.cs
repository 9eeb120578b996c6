using Orleans;
using Orleans.Concurrency;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>One trading desk. Its key is the desk's name, any Unicode text.</summary>
[Alias("RiskMonitor.IDeskRiskGrain")]
public interface IDeskRiskGrain : IGrainWithStringKey
{
    /// <summary>
    /// Applies changes in their order. The answer means that they are durable. Repeating a batch changes nothing; a failed call is to be
    /// repeated by the caller. Calls that wait for the record before are merged into the next one.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Apply")]
    Task ApplyAsync(DeskBatch batch);

    /// <summary>Every partition of the feed has passed the snapshot: drops what was not seen in it and judges the desk. The answer means durable.</summary>
    [AlwaysInterleave]
    [Alias("CompleteSnapshot")]
    Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState);

    /// <summary>Reads the limit table again and judges by it, also when only an instant of validity has arrived. The answer means durable.</summary>
    [Alias("RefreshLimits")]
    Task RefreshLimitsAsync();

    /// <summary>
    /// Brings the desk's rows up to what is durable now. Ends when they show it; nobody else waits for it, and where nothing is to be done it
    /// ends at once.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Fold")]
    Task FoldAsync();

    /// <summary>The desk as of its last durable record. Never waits for a change.</summary>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("Read")]
    Task<DeskView> ReadAsync();
}
