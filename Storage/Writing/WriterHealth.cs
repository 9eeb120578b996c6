using RiskMonitor.Risk.Storage;

namespace RiskMonitor.Storage.Writing;

/// <summary>Since when writes fail, and since when the oldest write waits.</summary>
internal sealed class WriterHealth(TimeProvider time) : IStorageHealth
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _failingSince;
    private long? _oldestAskedAt;

    public StorageHealth Now
    {
        get
        {
            lock (_lock)
            {
                return new StorageHealth(_failingSince, _oldestAskedAt is { } at ? time.GetElapsedTime(at) : null);
            }
        }
    }

    public bool IsFailing => Now.FailingSince is not null;

    public void Began(long askedAt)
    {
        lock (_lock)
        {
            _oldestAskedAt = askedAt;
        }
    }

    /// <returns>True where it failed before.</returns>
    public bool Succeeded()
    {
        lock (_lock)
        {
            var failed = _failingSince is not null;
            (_failingSince, _oldestAskedAt) = (null, null);
            return failed;
        }
    }

    /// <returns>True where it did not fail before.</returns>
    public bool Failed()
    {
        lock (_lock)
        {
            var isNew = _failingSince is null;
            _failingSince ??= time.GetUtcNow();
            _oldestAskedAt = null;
            return isNew;
        }
    }
}
