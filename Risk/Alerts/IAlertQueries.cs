using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Questions about stored alerts.</summary>
public interface IAlertQueries
{
    /// <summary>Newest first by <c>opened_at</c>, then by id.</summary>
    Task<AlertPage> ListAsync(AlertFilter filter, AlertCursor? after, int pageSize, CancellationToken cancellationToken);

    /// <param name="desks">Only if it is an alert of one of these; null: of any. One of another desk is not even read, so that it takes no longer than one that is not there.</param>
    /// <returns>Null for an unknown id.</returns>
    Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(Guid alertId, IReadOnlyCollection<string>? desks, CancellationToken cancellationToken);

    /// <summary>Alerts that have changed since, each with its last change only, in the order of these.</summary>
    /// <param name="after">Where the last answer ended; null: no change yet, only where they end now.</param>
    Task<AlertChanges> ChangesAsync(long? after, int atMost, CancellationToken cancellationToken);

    /// <summary>For the gauges: alerts per status, transient ones left out, and when the oldest that is not consumed was opened.</summary>
    Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> CountAsync(CancellationToken cancellationToken);
}

/// <summary>Which alerts to list; null: any.</summary>
/// <param name="Desks">Only these desks.</param>
/// <param name="OpenedFrom">At or after.</param>
/// <param name="OpenedTo">Before.</param>
/// <param name="BreachOpen">True: the breach is open; false: it is cured.</param>
public sealed record AlertFilter(
    string? RequestId = null,
    IReadOnlyList<string>? Desks = null,
    Severity? Severity = null,
    AlertStatus? Status = null,
    bool? BreachOpen = null,
    DateTimeOffset? OpenedFrom = null,
    DateTimeOffset? OpenedTo = null,
    bool IncludeTransient = false);

/// <summary>The last alert of a page.</summary>
public sealed record AlertCursor(DateTimeOffset OpenedAt, Guid AlertId);

/// <param name="Next">Null on the last page.</param>
public sealed record AlertPage(IReadOnlyList<Alert> Alerts, long Total, AlertCursor? Next)
{
    /// <summary>The desks of stored alerts that cannot be read and are left out of this page, once for each alert.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];
}

/// <param name="End">Where to go on from.</param>
public sealed record AlertChanges(IReadOnlyList<AlertChange> Alerts, long End);

/// <summary>An alert that has changed.</summary>
public sealed record AlertChange(Guid AlertId, string Desk, bool Transient);
