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
    /// Applies changes in their order. The answer means that they are durable. A repeated batch changes nothing, so the caller repeats a failed
    /// call. Calls that wait while a record is being written share the next one.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Apply")]
    Task ApplyAsync(DeskBatch batch);

    /// <summary>Every partition of the feed has passed the snapshot: removes the positions that were not in it and judges the desk. The answer means durable.</summary>
    [AlwaysInterleave]
    [Alias("CompleteSnapshot")]
    Task CompleteSnapshotAsync(string feed, CompletedSnapshot snapshot, FeedState feedState);

    /// <summary>Reads the limit table again and judges by it, also when a limit has only become or ceased to be valid. The answer means durable.</summary>
    [Alias("RefreshLimits")]
    Task RefreshLimitsAsync();

    /// <summary>
    /// Brings the desk's rows up to what is durable now. Ends when the rows show it, at once where they do already, and delays no other call.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Fold")]
    Task FoldAsync();

    /// <summary>The desk's figures, limits and open breaches as of its last durable record: small, and enough for a list. It never waits for a write.</summary>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("ReadSummary")]
    Task<DeskSummary> ReadSummaryAsync();

    /// <summary>The summary with the breakdown as of the same record. It never waits for a write.</summary>
    /// <param name="dimensions">What the breakdown has to contain; a desk may have thousands of securities.</param>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("Read")]
    Task<DeskView> ReadAsync(DeskDimensions dimensions = DeskDimensions.All);
}
