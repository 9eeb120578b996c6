using RiskMonitor.Grains.Interfaces;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>Where a pipeline keeps how far it is.</summary>
internal interface ICheckpointStore
{
    /// <summary>Takes the pipeline's partitions over.</summary>
    /// <returns>What the previous owner stored of them, and the state of the feed as a whole.</returns>
    Task<FeedRecord> OpenAsync(CancellationToken cancellationToken);

    /// <summary>The answer means durable.</summary>
    /// <returns>False: another owner has taken the partitions over, and nothing was stored.</returns>
    Task<bool> StoreAsync(FeedCheckpoint checkpoint, CancellationToken cancellationToken);
}

/// <summary>Of a feed that one pipeline reads as a whole: in the feed's own record.</summary>
internal sealed class FeedGrainCheckpoints(IFeedGrain feedGrain) : ICheckpointStore
{
    public Task<FeedRecord> OpenAsync(CancellationToken cancellationToken) => feedGrain.OpenAsync();

    public async Task<bool> StoreAsync(FeedCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await feedGrain.CheckpointAsync(checkpoint);
        return true;
    }
}

/// <summary>Another owner has taken the partitions over.</summary>
internal sealed class CheckpointRefusedException(string feed)
    : Exception($"feed {feed}: another owner has opened the partition since, so that nothing more can be stored for it here");
