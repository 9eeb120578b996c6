namespace RiskMonitor.Risk.Feeds;

/// <summary>How far each partition of a feed is, stored under the epoch of its owner: of two owners only the newest can store.</summary>
public interface IPartitionCheckpoints
{
    /// <summary>Takes a partition over: the next epoch, and what the previous owner stored.</summary>
    Task<OwnedCheckpoint> OpenAsync(string feed, string partition, CancellationToken cancellationToken);

    /// <summary>Stores a checkpoint by compare-and-set on the epoch.</summary>
    /// <returns>False: another owner has opened the partition since, and nothing was stored.</returns>
    Task<bool> StoreAsync(string feed, string partition, long epoch, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);

    /// <summary>What is stored of all partitions of a feed, without taking any over.</summary>
    Task<IReadOnlyList<OwnedCheckpoint>> ReadAsync(string feed, CancellationToken cancellationToken);
}

/// <param name="Epoch">The number of the owner: grows with each opening.</param>
/// <param name="Checkpoint">Null: nothing was stored yet.</param>
public sealed record OwnedCheckpoint(string Partition, long Epoch, ReadOnlyMemory<byte>? Checkpoint);
