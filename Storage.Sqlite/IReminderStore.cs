namespace RiskMonitor.Storage.Sqlite;

/// <summary>Reminder rows.</summary>
public interface IReminderStore
{
    /// <returns>Null when there is none.</returns>
    Task<StoredReminder?> FindAsync(string serviceId, string grainId, string name, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoredReminder>> OfGrainAsync(string serviceId, string grainId, CancellationToken cancellationToken);

    /// <summary>Reminders of grains whose hash lies above <paramref name="begin"/>, up to and including <paramref name="end"/>; where end is not above begin, around the ring's end.</summary>
    Task<IReadOnlyList<StoredReminder>> InRangeAsync(string serviceId, uint begin, uint end, CancellationToken cancellationToken);

    /// <summary>Writes a reminder, new or known; its own etag does not matter.</summary>
    /// <returns>The new etag.</returns>
    Task<string> PutAsync(StoredReminder reminder, CancellationToken cancellationToken);

    /// <returns>False when it is not there, or under another etag.</returns>
    Task<bool> RemoveAsync(string serviceId, string grainId, string name, string etag, CancellationToken cancellationToken);

    Task ClearAsync(string serviceId, CancellationToken cancellationToken);
}

/// <param name="GrainId">The grain's id as text.</param>
/// <param name="GrainHash">The grain's place on the ring of silos.</param>
/// <param name="ETag">Null for one that is to be written.</param>
public sealed record StoredReminder(string ServiceId, string GrainId, string Name, DateTimeOffset StartAt, TimeSpan Period, uint GrainHash, string? ETag);
