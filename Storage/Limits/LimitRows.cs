using System.Data.Common;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Limits;

/// <summary>The rows of <c>risk_limits</c>, of its history and of <c>limit_settings</c>.</summary>
internal static class LimitRows
{
    private const string Columns =
        "limit_id, profile, scope_kind, scope_key, metric, horizon, threshold, warning_ratio, cure_ratio, severity_warning, severity_critical, "
        + "currency, valid_from, valid_to, version, reason, changed_by";

    private const string Parameters =
        "@LimitId, @Profile, @ScopeKind, @ScopeKey, @Metric, @Horizon, @Threshold, @WarningRatio, @CureRatio, @SeverityWarning, @SeverityCritical, "
        + "@Currency, @ValidFrom, @ValidTo, @Version, @Reason, @ChangedBy";

    private const string DefaultScope = "default";
    private const string DeskScope = "desk";
    private const string And = " AND ";

    public static async Task<(long Version, AlertingScope Alerting)> SettingsAsync(DbSession db) =>
        await FindSettingsAsync(db) ?? (LimitSet.Empty.Version, LimitSet.Empty.Alerting);

    /// <summary>Records the settings as they are now; to be called once, after the last change of them.</summary>
    public static async Task RecordSettingsAsync(DbSession db)
    {
        var (version, _) = await SettingsAsync(db);
        await EvidenceDocuments.RecordAsync(
            db, EvidenceKinds.LimitSettings, EvidenceTable.LimitSettings.Name, version, ("row", EvidenceTable.LimitSettings, "id = 1", new { }));
    }

    /// <returns>False when it was so already.</returns>
    public static async Task<bool> SetAlertingAsync(DbSession db, AlertingScope alerting)
    {
        if (await FindSettingsAsync(db) is not { } stored)
        {
            return await InsertSettingsAsync(db, 0, alerting) > 0;
        }

        return stored.Alerting != alerting
            && await db.ExecuteAsync("UPDATE limit_settings SET profile = @Profile, horizon = @Horizon WHERE id = 1", new { alerting.Profile, alerting.Horizon }) > 0;
    }

    public static async Task RaiseVersionAsync(DbSession db)
    {
        if (await db.ExecuteAsync("UPDATE limit_settings SET version = version + 1 WHERE id = 1") == 0)
        {
            await InsertSettingsAsync(db, 1, AlertingScope.Default);
        }
    }

    /// <summary>The rows that can be read.</summary>
    public static async Task<List<RiskLimit>> AllAsync(DbSession db)
    {
        var rows = await db.ListAsync(
            $"SELECT {Columns} FROM risk_limits ORDER BY limit_id", row => Unreadable.TryRead(() => Limit(row), out var limit, out _) ? limit : null);
        return [.. rows.OfType<RiskLimit>()];
    }

    /// <summary>The rows that cannot.</summary>
    public static async Task<List<UnreadableLimit>> AllUnreadableAsync(DbSession db)
    {
        var rows = await db.ListAsync(
            $"SELECT {Columns} FROM risk_limits ORDER BY limit_id",
            row => Unreadable.TryRead(() => Limit(row), out _, out var problem)
                ? null
                : new UnreadableLimit(row.Text(0), row.Text(2) == DeskScope ? LimitScope.Desk : LimitScope.Default, row.Text(3), row.GetInt32(14), problem));
        return [.. rows.OfType<UnreadableLimit>()];
    }

    /// <exception cref="LimitUnreadableException">One of them cannot be read: without it the others are not the desk's limits.</exception>
    public static Task<List<RiskLimit>> ThatMayBindAsync(DbSession db, string desk) =>
        db.ListAsync(
            $"SELECT {Columns} FROM risk_limits WHERE scope_kind = '{DefaultScope}' OR (scope_kind = '{DeskScope}' AND scope_key = @Desk) ORDER BY limit_id",
            row => Unreadable.TryRead(() => Limit(row), out var limit, out var problem) ? limit : throw new LimitUnreadableException(row.Text(0), problem),
            new { Desk = desk });

    /// <returns>Null where there is none that can be read.</returns>
    public static async Task<RiskLimit?> FindAsync(DbSession db, string limitId)
    {
        var rows = await db.ListAsync(
            $"SELECT {Columns} FROM risk_limits WHERE limit_id = @LimitId",
            row => Unreadable.TryRead(() => Limit(row), out var limit, out _) ? limit : null,
            new { LimitId = limitId });
        return rows.FirstOrDefault();
    }

    /// <summary>Also of a row that cannot be read, which the next version replaces.</summary>
    /// <returns>0 where there is none.</returns>
    public static Task<int> VersionAsync(DbSession db, string limitId) =>
        db.ScalarAsync<int>("SELECT version FROM risk_limits WHERE limit_id = @LimitId", new { LimitId = limitId });

    /// <summary>Stores the next version of a limit. A limit that was removed continues with the version after its last one.</summary>
    public static async Task<RiskLimit> StoreAsync(DbSession db, RiskLimit limit, DateTimeOffset now)
    {
        var last = await db.ScalarAsync<int>("SELECT coalesce(max(version), 0) FROM risk_limit_history WHERE limit_id = @LimitId", new { limit.LimitId });
        var stored = limit with { Version = last + 1 };
        var row = Row(stored, now, removed: false);
        await db.ExecuteAsync($"REPLACE INTO risk_limits ({Columns}) VALUES ({Parameters})", row);
        await RememberAsync(db, row, stored);
        return stored;
    }

    public static async Task RemoveAsync(DbSession db, RiskLimit limit, string by, string reason, DateTimeOffset now)
    {
        await db.ExecuteAsync("DELETE FROM risk_limits WHERE limit_id = @LimitId", new { limit.LimitId });
        var last = limit with { Version = limit.Version + 1, ChangedBy = by, Reason = reason };
        await RememberAsync(db, Row(last, now, removed: true), last);
    }

    /// <summary>The history, newest first. A row that cannot be read is left out of its page.</summary>
    public static async Task<LimitHistoryPage> HistoryAsync(DbSession db, SqlDialect dialect, LimitHistoryFilter filter, LimitHistoryCursor? after, int pageSize)
    {
        var parameters = new Dictionary<string, object?>
        {
            ["LimitId"] = filter.LimitId,
            ["Desk"] = filter.Desk,
            ["Desks"] = filter.Desks is null ? null : dialect.Texts(filter.Desks),
            ["AfterAt"] = after?.ChangedAt.Stored(),
            ["AfterId"] = after?.LimitId,
            ["AfterVersion"] = after?.Version,
            ["AtMost"] = pageSize + 1L,
        };
        (bool IsAsked, string Condition)[] all =
        [
            (filter.LimitId is not null, "limit_id = @LimitId"),
            (filter.Desk is not null, $"(scope_kind = '{DefaultScope}' OR scope_key = @Desk)"),
            (filter.Desks is not null, $"(scope_kind = '{DefaultScope}' OR {dialect.IsOneOf("scope_key", "@Desks")})"),
        ];
        List<string> conditions = ["1 = 1", .. all.Where(condition => condition.IsAsked).Select(condition => condition.Condition)];
        var total = await db.ScalarAsync<long>($"SELECT count(*) FROM risk_limit_history WHERE {string.Join(And, conditions)}", parameters);
        if (after is not null)
        {
            conditions.Add("changed_at <= @AfterAt AND (changed_at < @AfterAt OR limit_id > @AfterId OR (limit_id = @AfterId AND version < @AfterVersion))");
        }

        // One more row than asked for shows whether there is a next page.
        var rows = await db.ListAsync(
            $"""
            SELECT {Columns}, changed_at, removed FROM risk_limit_history WHERE {string.Join(And, conditions)}
            ORDER BY changed_at DESC, limit_id, version DESC LIMIT @AtMost
            """,
            row => (
                Version: Unreadable.TryRead(() => new LimitVersion(Limit(row), row.Instant(17), row.GetBoolean(18)), out var version, out _) ? version : null,
                Key: new LimitHistoryCursor(row.Instant(17), row.Text(0), row.GetInt32(14))),
            parameters);
        return new LimitHistoryPage([.. rows.Take(pageSize).Select(row => row.Version).OfType<LimitVersion>()], total, rows.Count > pageSize ? rows[pageSize - 1].Key : null);
    }

    private static async Task RememberAsync(DbSession db, object row, RiskLimit limit)
    {
        await db.ExecuteAsync($"INSERT INTO risk_limit_history ({Columns}, changed_at, removed) VALUES ({Parameters}, @ChangedAt, @Removed)", row);
        await EvidenceDocuments.RecordAsync(
            db,
            EvidenceKinds.Limit,
            limit.LimitId,
            limit.Version,
            ("row", EvidenceTable.Limits, "limit_id = @LimitId", new { limit.LimitId }),
            ("history", EvidenceTable.LimitHistory, "limit_id = @LimitId AND version = @Version", new { limit.LimitId, limit.Version }));
    }

    private static async Task<(long Version, AlertingScope Alerting)?> FindSettingsAsync(DbSession db)
    {
        var rows = await db.ListAsync(
            "SELECT version, profile, horizon FROM limit_settings",
            row => (row.GetInt64(0), new AlertingScope(row.Text(1), row.Text(2))));
        return rows.Count == 0 ? null : rows[0];
    }

    private static Task<int> InsertSettingsAsync(DbSession db, long version, AlertingScope alerting) =>
        db.ExecuteAsync(
            "INSERT INTO limit_settings (id, version, profile, horizon) VALUES (1, @Version, @Profile, @Horizon)",
            new { Version = version, alerting.Profile, alerting.Horizon });

    private static object Row(RiskLimit limit, DateTimeOffset changedAt, bool removed) => new
    {
        limit.LimitId,
        limit.Profile,
        ScopeKind = limit.Scope == LimitScope.Desk ? DeskScope : DefaultScope,
        limit.ScopeKey,
        Metric = limit.Metric.Name(),
        limit.Horizon,
        Threshold = limit.Threshold.Stored(),
        WarningRatio = limit.WarningRatio.Stored(),
        CureRatio = limit.CureRatio.Stored(),
        SeverityWarning = limit.Severity.Warning.Stored(),
        SeverityCritical = limit.Severity.Critical.Stored(),
        limit.Currency,
        ValidFrom = limit.ValidFrom?.Stored(),
        ValidTo = limit.ValidTo?.Stored(),
        limit.Version,
        limit.Reason,
        limit.ChangedBy,
        ChangedAt = changedAt.Stored(),
        Removed = removed,
    };

    private static RiskLimit Limit(DbDataReader row) => new(
        row.Text(0),
        row.Text(1),
        row.Text(2) == DeskScope ? LimitScope.Desk : LimitScope.Default,
        row.Text(3),
        RiskMetrics.Parse(row.Text(4)) ?? throw new InvalidDataException($"limit '{row.Text(0)}' is stored for metric '{row.Text(4)}', which this program does not know"),
        row.Text(5),
        row.Decimal(6),
        row.Decimal(7),
        row.Decimal(8),
        new SeveritySteps(row.Decimal(9), row.Decimal(10)),
        row.StringOrNull(11),
        row.InstantOrNull(12),
        row.InstantOrNull(13),
        row.GetInt32(14),
        row.Text(15),
        row.Text(16));
}
