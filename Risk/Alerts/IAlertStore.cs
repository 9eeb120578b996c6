using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Stores alerts: one row for each, which is its state and its query index.</summary>
public interface IAlertStore
{
    /// <returns>Null for an alert that is not stored.</returns>
    Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken);

    /// <summary>Stores an alert and adds to its history, together. The row gets version <c>alert.Version + 1</c>.</summary>
    /// <returns>The alert as stored.</returns>
    /// <exception cref="StaleAlertException">Another writer has written the row since <c>alert.Version</c>; load it again.</exception>
    Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken);

    /// <summary>The alerts that are due, the longest due first.</summary>
    /// <param name="dueBefore">With <see cref="Alert.NextAttemptAt"/> at or before this; null: all that have something left to do at any time, and those that wait for an endpoint.</param>
    /// <param name="after">Only those behind this one in that order.</param>
    Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken);

    /// <summary>The highest episode number among a desk's stored alerts, per key.</summary>
    Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken);
}

/// <param name="DueAt">Far in the future for one that waits for an endpoint.</param>
public sealed record DueAlert(Guid AlertId, DateTimeOffset DueAt);

/// <summary>Two writers wrote one alert; the later one must load it again.</summary>
public sealed class StaleAlertException(Guid alertId, long version)
    : Exception($"alert {alertId} is no longer at version {version}: another writer wrote it; load it and repeat");
