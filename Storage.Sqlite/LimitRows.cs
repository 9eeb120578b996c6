using Microsoft.Data.Sqlite;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The rows of <c>risk_limits</c>, of its history and of <c>limit_settings</c>.</summary>
internal static class LimitRows
{
    private const string Columns =
        "limit_id, profile, scope_kind, scope_key, metric, horizon, threshold, warning_ratio, cure_ratio, severity_warning, severity_critical, "
        + "currency, valid_from, valid_to, version, reason, changed_by";

    private const string DefaultScope = "default";
    private const string DeskScope = "desk";

    public static (long Version, AlertingScope Alerting) Settings(SqliteSession session)
    {
        var rows = session.List(
            "SELECT version, profile, horizon FROM limit_settings",
            row => (row.GetInt64(0), new AlertingScope(row.GetString(1), row.GetString(2))));
        return rows.Count == 0 ? (LimitSet.Empty.Version, LimitSet.Empty.Alerting) : rows[0];
    }

    /// <returns>False when it was so already.</returns>
    public static bool SetAlerting(SqliteSession session, AlertingScope alerting) =>
        session.Execute(
            """
            INSERT INTO limit_settings (id, version, profile, horizon) VALUES (1, 0, ?1, ?2)
            ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, horizon = excluded.horizon
            WHERE profile <> excluded.profile OR horizon <> excluded.horizon
            """,
            alerting.Profile,
            alerting.Horizon) > 0;

    public static void RaiseVersion(SqliteSession session) =>
        session.Execute(
            "INSERT INTO limit_settings (id, version, profile, horizon) VALUES (1, 1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET version = version + 1",
            AlertingScope.Default.Profile,
            AlertingScope.Default.Horizon);

    /// <summary>The rows that can be read.</summary>
    public static List<RiskLimit> All(SqliteSession session) =>
        [.. session.List(
            $"SELECT {Columns} FROM risk_limits ORDER BY limit_id",
            row => Unreadable.TryRead(() => Limit(row), out var limit, out _) ? limit : null).OfType<RiskLimit>()];

    /// <summary>The rows that cannot.</summary>
    public static List<UnreadableLimit> AllUnreadable(SqliteSession session) =>
        [.. session.List(
            $"SELECT {Columns} FROM risk_limits ORDER BY limit_id",
            row => Unreadable.TryRead(() => Limit(row), out _, out var problem)
                ? null
                : new UnreadableLimit(row.GetString(0), row.GetString(2) == DeskScope ? LimitScope.Desk : LimitScope.Default, row.GetString(3), row.GetInt32(14), problem))
            .OfType<UnreadableLimit>()];

    /// <exception cref="LimitUnreadableException">One of them cannot be read: without it the others are not the desk's limits.</exception>
    public static List<RiskLimit> ThatMayBind(SqliteSession session, string desk) =>
        session.List(
            $"SELECT {Columns} FROM risk_limits WHERE scope_kind = '{DefaultScope}' OR (scope_kind = '{DeskScope}' AND scope_key = ?1) ORDER BY limit_id",
            row => Unreadable.TryRead(() => Limit(row), out var limit, out var problem) ? limit : throw new LimitUnreadableException(row.GetString(0), problem),
            desk);

    /// <returns>Null where there is none that can be read.</returns>
    public static RiskLimit? Find(SqliteSession session, string limitId) =>
        session.List(
            $"SELECT {Columns} FROM risk_limits WHERE limit_id = ?1",
            row => Unreadable.TryRead(() => Limit(row), out var limit, out _) ? limit : null,
            limitId).FirstOrDefault();

    /// <summary>Also of a row that cannot be read, which the next version replaces.</summary>
    /// <returns>0 where there is none.</returns>
    public static int Version(SqliteSession session, string limitId) =>
        session.Scalar("SELECT version FROM risk_limits WHERE limit_id = ?1", limitId) is long version ? (int)version : 0;

    /// <summary>Stores the next version of a limit; one that was removed goes on counting where it ended.</summary>
    public static RiskLimit Store(SqliteSession session, RiskLimit limit, DateTimeOffset now)
    {
        var stored = limit with { Version = LastVersion(session, limit.LimitId) + 1 };
        var values = Values(stored);
        session.Execute(
            $"INSERT OR REPLACE INTO risk_limits ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            values);
        Remember(session, values, now, removed: false);
        return stored;
    }

    public static void Remove(SqliteSession session, RiskLimit limit, string by, string reason, DateTimeOffset now)
    {
        session.Execute("DELETE FROM risk_limits WHERE limit_id = ?1", limit.LimitId);
        Remember(session, Values(limit with { Version = limit.Version + 1, ChangedBy = by, Reason = reason }), now, removed: true);
    }

    private static int LastVersion(SqliteSession session, string limitId) =>
        (int)(long)session.Scalar("SELECT coalesce(max(version), 0) FROM risk_limit_history WHERE limit_id = ?1", limitId)!;

    private static void Remember(SqliteSession session, object?[] values, DateTimeOffset now, bool removed) =>
        session.Execute(
            $"""
            INSERT INTO risk_limit_history ({Columns}, changed_at, removed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            """,
            [.. values, now.Stored(), removed]);

    private static object?[] Values(RiskLimit limit) =>
    [
        limit.LimitId,
        limit.Profile,
        limit.Scope == LimitScope.Desk ? DeskScope : DefaultScope,
        limit.ScopeKey,
        limit.Metric.Name(),
        limit.Horizon,
        limit.Threshold.Stored(),
        limit.WarningRatio.Stored(),
        limit.CureRatio.Stored(),
        limit.Severity.Warning.Stored(),
        limit.Severity.Critical.Stored(),
        limit.Currency,
        limit.ValidFrom.Stored(),
        limit.ValidTo.Stored(),
        limit.Version,
        limit.Reason,
        limit.ChangedBy,
    ];

    private static RiskLimit Limit(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2) == DeskScope ? LimitScope.Desk : LimitScope.Default,
        row.GetString(3),
        RiskMetrics.Parse(row.GetString(4)) ?? throw new InvalidDataException($"limit '{row.GetString(0)}' is stored for metric '{row.GetString(4)}', which this program does not know"),
        row.GetString(5),
        row.Decimal(6),
        row.Decimal(7),
        row.Decimal(8),
        new SeveritySteps(row.Decimal(9), row.Decimal(10)),
        row.StringOrNull(11),
        row.InstantOrNull(12),
        row.InstantOrNull(13),
        row.GetInt32(14),
        row.GetString(15),
        row.GetString(16));
}
