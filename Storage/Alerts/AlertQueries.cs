using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Alerts;

/// <summary>The table of alerts, for those who ask about them.</summary>
internal sealed class AlertQueries(IDatabase database, IAlertNumbers numbers) : IAlertQueries
{
    public Task<AlertPage> ListAsync(AlertFilter filter, AlertCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return database.ReadAsync(ReadPool.Query, db => PageAsync(db, filter, after, pageSize), cancellationToken);
    }

    public Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(Guid alertId, IReadOnlyCollection<string>? desks, CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.LookUp, db => FindAsync(db, alertId.Stored(), desks), cancellationToken);

    public Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.Upkeep, CountAsync, cancellationToken);

    public async Task<AlertChanges> ChangesAsync(long? after, int atMost, CancellationToken cancellationToken)
    {
        await numbers.NumberCommittedAsync(cancellationToken);
        return await database.ReadAsync(ReadPool.LookUp, db => ChangesAsync(db, after, atMost), cancellationToken);
    }

    private static async Task<AlertChanges> ChangesAsync(DbSession db, long? after, int atMost)
    {
        if (after is null)
        {
            return new AlertChanges([], Math.Max(0, await db.ScalarAsync<long>("SELECT coalesce(max(`change`), 0) FROM alerts")));
        }

        var changes = await db.ListAsync(
            "SELECT `change`, alert_id, desk, transient FROM alerts WHERE `change` > @After ORDER BY `change` LIMIT @AtMost",
            row => (Number: row.GetInt64(0), Change: new AlertChange(row.Id(1), row.Text(2), row.GetBoolean(3))),
            new { After = after.Value, AtMost = atMost });
        return new AlertChanges([.. changes.Select(row => row.Change)], changes.Count == 0 ? after.Value : changes[^1].Number);
    }

    private async Task<AlertPage> PageAsync(DbSession db, AlertFilter filter, AlertCursor? after, int pageSize)
    {
        // By their names, because only there Dapper looks at what Texts has made: for a list it makes a parameter for each element.
        var parameters = new Dictionary<string, object?>
        {
            ["RequestId"] = filter.RequestId,
            ["Desks"] = filter.Desks is null ? null : database.Dialect.Texts(filter.Desks),
            ["Severity"] = filter.Severity?.Name(),
            ["Status"] = filter.Status?.Name(),
            ["BreachOpen"] = filter.BreachOpen,
            ["OpenedFrom"] = filter.OpenedFrom?.Stored(),
            ["OpenedTo"] = filter.OpenedTo?.Stored(),
            ["AfterAt"] = after?.OpenedAt.Stored(),
            ["AfterId"] = after?.AlertId.Stored(),
            ["AtMost"] = pageSize + 1L,
        };

        // Where desks are named, only their rows are read: the time of the query must not reveal what other desks have.
        var from = $"FROM alerts {(filter.Desks is null ? "" : database.Dialect.ByIndex("alerts_by_desk"))}";
        var conditions = Conditions(filter).ToList();
        var total = await db.ScalarAsync<long>($"SELECT count(*) {from} {Where(conditions)}", parameters);
        if (after is not null)
        {
            conditions.Add("opened_at <= @AfterAt AND (opened_at < @AfterAt OR alert_id > @AfterId)");
        }

        // One more row than asked for shows whether there is a next page.
        var rows = await db.ListAsync(
            $"SELECT opened_at, alert_id, desk, state {from} {Where(conditions)} ORDER BY opened_at DESC, alert_id LIMIT @AtMost",
            row => (
                At: Unreadable.TryRead(() => new AlertCursor(row.Instant(0), row.Id(1)), out var at, out _) ? at : null,
                Desk: row.Text(2),
                Alert: Unreadable.TryRead(() => AlertJson.Read(row.Text(3)), out var alert, out _) ? alert : null),
            parameters);
        var page = rows.Take(pageSize).ToList();
        return new AlertPage(
            [.. page.Select(row => row.Alert).OfType<Alert>()], total, rows.Count > pageSize ? page.FindLast(row => row.At is not null).At : null)
        {
            Unreadable = [.. page.Where(row => row.Alert is null).Select(row => row.Desk)],
        };
    }

    /// <summary>The conditions that a filter asks for, and no others, so that the database can choose an index.</summary>
    private IEnumerable<string> Conditions(AlertFilter filter)
    {
        (bool IsAsked, string Condition)[] all =
        [
            (filter.RequestId is not null, "request_id = @RequestId"),
            (filter.Desks is not null, database.Dialect.IsOneOf("desk", "@Desks")),
            (filter.Severity is not null, "severity = @Severity"),
            (filter.Status is not null, "status = @Status"),
            (filter.BreachOpen is not null, "breach_open = @BreachOpen"),
            (filter.OpenedFrom is not null, "opened_at >= @OpenedFrom"),
            (filter.OpenedTo is not null, "opened_at < @OpenedTo"),
            (!filter.IncludeTransient, "transient = 0"),
        ];
        return all.Where(condition => condition.IsAsked).Select(condition => condition.Condition);
    }

    private static string Where(List<string> conditions) => conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";

    /// <summary>
    /// Anybody can compute ids, so the id of an alert of another desk must take no longer than one that does not exist: the row nearest to the id is
    /// read in any case, and only then it is compared.
    /// </summary>
    private static async Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(DbSession db, string alertId, IReadOnlyCollection<string>? desks)
    {
        var parameters = new { AlertId = alertId };
        var nearest = await NearestAsync("WHERE alert_id >= @AlertId");
        if (nearest.Count == 0)
        {
            nearest = await NearestAsync("");
        }

        var isIt = nearest is [{ AlertId: var found }] && string.Equals(found, alertId, StringComparison.Ordinal);
        var isOfDesks = nearest is [{ Desk: var desk }] && (desks is null || desks.Contains(desk));
        if (!(isIt & isOfDesks) || await db.ScalarAsync<string>("SELECT state FROM alerts WHERE alert_id = @AlertId", parameters) is not { } state)
        {
            return null;
        }

        var history = await db.ListAsync(
            "SELECT at, kind, revision, detail FROM alert_events WHERE alert_id = @AlertId ORDER BY n",
            row => new AlertEvent(row.Instant(0), row.Text(1), row.GetInt32(2), row.Text(3)),
            parameters);
        return (AlertJson.Read(state), history);

        Task<List<(string AlertId, string Desk)>> NearestAsync(string where) => db.ListAsync(
            $"SELECT alert_id, desk FROM alerts {where} ORDER BY alert_id LIMIT 1", row => (row.Text(0), row.Text(1)), parameters);
    }

    private static async Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> CountAsync(DbSession db)
    {
        var rows = await db.ListAsync(
            "SELECT status, count(*), min(opened_at) FROM alerts WHERE transient = 0 GROUP BY status",
            row => (Status: AlertNames.ParseStatus(row.Text(0)), Count: row.GetInt64(1), Oldest: Unreadable.TryRead(() => row.Instant(2), out var oldest, out _) ? oldest : DateTimeOffset.MaxValue));
        var byStatus = AlertNames.Statuses.ToDictionary(status => status, status => rows.Where(row => row.Status == status).Sum(row => row.Count));
        var oldest = rows.Where(row => row.Status != AlertStatus.Consumed).Min(row => (DateTimeOffset?)row.Oldest);
        return (byStatus, oldest);
    }
}
