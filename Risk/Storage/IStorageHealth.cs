namespace RiskMonitor.Risk.Storage;

/// <summary>Whether what has to be durable can be made durable.</summary>
public interface IStorageHealth
{
    StorageHealth Now { get; }
}

/// <param name="FailingSince">Every write since then has failed; null while writes succeed. Ends by itself once one succeeds, which is tried every second.</param>
/// <param name="OldestWaiting">How long the oldest write that is not answered yet has been waiting; null where none is.</param>
public readonly record struct StorageHealth(DateTimeOffset? FailingSince, TimeSpan? OldestWaiting);
