using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Alerts;

namespace RiskMonitor.Storage.Sqlite;

internal sealed class SqliteAlertQueries(SqliteStorage storage) : IAlertQueries
{
    public Task<AlertPage> ListAsync(AlertFilter filter, AlertCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return storage.ReadAsync(ReadPool.Query, session => session.InOneSnapshot(snapshot => Page(snapshot, filter, after, pageSize)), cancellationToken);
    }

    public Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(Guid alertId, IReadOnlyCollection<string>? desks, CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.LookUp, session => session.InOneSnapshot(snapshot => Find(snapshot, alertId.Stored(), desks)), cancellationToken);

    public Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> CountAsync(CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.Upkeep, session => session.InOneSnapshot(Count), cancellationToken);

    public Task<AlertChanges> ChangesAsync(long? after, int atMost, CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.LookUp, session => session.InOneSnapshot(snapshot => Changes(snapshot, after, atMost)), cancellationToken);

    private static AlertChanges Changes(SqliteSession session, long? after, int atMost)
    {
        if (after is null)
        {
            return new AlertChanges([], (long)session.Scalar("SELECT coalesce(max(change), 0) FROM alerts")!);
        }

        var changes = session.List(
            "SELECT change, alert_id, desk, transient FROM alerts WHERE change > ?1 ORDER BY change LIMIT ?2",
            row => (Number: row.GetInt64(0), Change: new AlertChange(row.Id(1), row.GetString(2), row.GetBoolean(3))),
            after,
            atMost);
        return new AlertChanges([.. changes.Select(row => row.Change)], changes.Count == 0 ? after.Value : changes[^1].Number);
    }

    private static AlertPage Page(SqliteSession session, AlertFilter filter, AlertCursor? after, int pageSize)
    {
        var all = Conditions.Of(filter);
        var total = (long)session.Scalar($"SELECT count(*) FROM alerts {all.Index} {all.Where}", [.. all.Values])!;
        var rest = all.After(after);

        // One more than asked for tells whether there is a next page.
        var rows = session.List(
            $"SELECT opened_at, alert_id, desk, state FROM alerts {rest.Index} {rest.Where} ORDER BY opened_at DESC, alert_id LIMIT ?{rest.Values.Count + 1}",
            row => (
                At: Unreadable.TryRead(() => new AlertCursor(row.Instant(0), row.Id(1)), out var at, out _) ? at : null,
                Desk: row.GetString(2),
                Alert: Unreadable.TryRead(() => AlertJson.Read(row.GetString(3)), out var alert, out _) ? alert : null),
            [.. rest.Values, pageSize + 1L]);
        var page = rows.Take(pageSize).ToList();
        return new AlertPage(
            [.. page.Select(row => row.Alert).OfType<Alert>()], total, rows.Count > pageSize ? page.FindLast(row => row.At is not null).At : null)
        {
            Unreadable = [.. page.Where(row => row.Alert is null).Select(row => row.Desk)],
        };
    }

    /// <summary>
    /// Ids can be computed by anybody, so one of a desk that is not asked for must take no longer than one that does not exist: the row nearest to the
    /// id is read in any case, and only then it is seen whose it is.
    /// </summary>
    private static (Alert Alert, IReadOnlyList<AlertEvent> History)? Find(SqliteSession session, string alertId, IReadOnlyCollection<string>? desks)
    {
        var nearest = session.List(
            """
            SELECT alert_id, desk FROM alerts WHERE rowid = coalesce(
                (SELECT rowid FROM alerts WHERE alert_id >= ?1 ORDER BY alert_id LIMIT 1), (SELECT rowid FROM alerts ORDER BY alert_id LIMIT 1))
            """,
            row => (AlertId: row.GetString(0), Desk: row.GetString(1)),
            alertId);
        var isIt = nearest is [{ AlertId: var found }] && string.Equals(found, alertId, StringComparison.Ordinal);
        var isOfDesks = nearest is [{ Desk: var desk }] && (desks is null || desks.Contains(desk));
        if (!(isIt & isOfDesks) || session.Scalar("SELECT state FROM alerts WHERE alert_id = ?1", alertId) is not string state)
        {
            return null;
        }

        var history = session.List(
            "SELECT at, kind, revision, detail FROM alert_events WHERE alert_id = ?1 ORDER BY n",
            row => new AlertEvent(row.Instant(0), row.GetString(1), row.GetInt32(2), row.GetString(3)),
            alertId);
        return (AlertJson.Read(state), history);
    }

    private static (IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked) Count(SqliteSession session)
    {
        var rows = session.List(
            "SELECT status, count(*), min(opened_at) FROM alerts WHERE transient = 0 GROUP BY status",
            row => (Status: AlertNames.ParseStatus(row.GetString(0)), Count: row.GetInt64(1), Oldest: Unreadable.TryRead(() => row.Instant(2), out var oldest, out _) ? oldest : DateTimeOffset.MaxValue));
        var byStatus = AlertNames.Statuses.ToDictionary(status => status, status => rows.Where(row => row.Status == status).Sum(row => row.Count));
        var oldest = rows.Where(row => row.Status != AlertStatus.Consumed).Min(row => (DateTimeOffset?)row.Oldest);
        return (byStatus, oldest);
    }

    /// <summary>The conditions that a filter asks for, and no others, so that SQLite can choose an index.</summary>
    private sealed record Conditions(IReadOnlyList<string> Texts, IReadOnlyList<object?> Values, bool IsOfDesks = false)
    {
        /// <summary>Where desks are named, only their rows are read: nobody can tell by the time it takes what others have.</summary>
        public string Index => IsOfDesks ? "INDEXED BY alerts_by_desk" : "";

        public string Where => Texts.Count == 0 ? "" : $"WHERE {string.Join(" AND ", Texts)}";

        public static Conditions Of(AlertFilter filter) => new Conditions([], [], filter.Desks is not null)
            .And(filter.RequestId, "request_id = {0}")
            .And(filter.Desks is null ? null : JsonSerializer.Serialize(filter.Desks), "desk IN (SELECT value FROM json_each({0}))")
            .And(filter.Severity?.Name(), "severity = {0}")
            .And(filter.Status?.Name(), "status = {0}")
            .And(filter.BreachOpen, "breach_open = {0}")
            .And(filter.OpenedFrom?.UtcTicks, "opened_at >= {0}")
            .And(filter.OpenedTo?.UtcTicks, "opened_at < {0}")
            .And(filter.IncludeTransient ? null : false, "transient = {0}");

        public Conditions After(AlertCursor? cursor) => cursor is null
            ? this
            : new Conditions(
                [.. Texts, $"opened_at <= ?{Values.Count + 1}", $"(opened_at < ?{Values.Count + 1} OR alert_id > ?{Values.Count + 2})"],
                [.. Values, cursor.OpenedAt.Stored(), cursor.AlertId.Stored()],
                IsOfDesks);

        private Conditions And(object? value, string text) => value is null
            ? this
            : new Conditions([.. Texts, text.Replace("{0}", $"?{Values.Count + 1}", StringComparison.Ordinal)], [.. Values, value], IsOfDesks);
    }
}
