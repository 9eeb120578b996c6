using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Limits;

/// <summary>The limit table with its history. Rows whose id begins with <c>config:</c> belong to the configuration.</summary>
internal sealed class LimitStore(IDatabase database, TimeProvider time) : ILimitStore
{
    private const string Configuration = "configuration";

    public Task<LimitSet> ForDeskAsync(string desk, CancellationToken cancellationToken) =>
        database.ReadAsync(
            ReadPool.Activation,
            async db =>
            {
                var (version, alerting) = await LimitRows.SettingsAsync(db);
                return new LimitSet(version, alerting, await LimitRows.ThatMayBindAsync(db, desk));
            },
            cancellationToken);

    public Task<long> VersionAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(ReadPool.LookUp, async db => (await LimitRows.SettingsAsync(db)).Version, cancellationToken);

    public async Task<IReadOnlyList<RiskLimit>> ListAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(ReadPool.LookUp, LimitRows.AllAsync, cancellationToken);

    public async Task<IReadOnlyList<UnreadableLimit>> UnreadableAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(ReadPool.LookUp, LimitRows.AllUnreadableAsync, cancellationToken);

    public Task<LimitHistoryPage> HistoryAsync(LimitHistoryFilter filter, LimitHistoryCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return database.ReadAsync(ReadPool.Query, db => LimitRows.HistoryAsync(db, database.Dialect, filter, after, pageSize), cancellationToken);
    }

    public Task<RiskLimit> PutAsync(RiskLimit limit, CancellationToken cancellationToken)
    {
        Check(limit);
        return database.WriteAsync(db => PutAsync(db, limit), cancellationToken);
    }

    public Task ConfigureAsync(AlertingScope alerting, IReadOnlyList<RiskLimit> configured, CancellationToken cancellationToken)
    {
        foreach (var limit in configured)
        {
            Check(limit);
            if (!limit.IsConfigured)
            {
                throw new ArgumentException($"limit_id is {limit.LimitId}; the id of a configured limit begins with '{RiskLimit.ConfiguredPrefix}'", nameof(configured));
            }
        }

        return database.WriteAsync(db => ConfigureAsync(db, alerting, configured), cancellationToken);
    }

    private static void Check(RiskLimit limit)
    {
        if (limit.Problem() is { } problem)
        {
            throw new ArgumentException($"limit '{limit.LimitId}': {problem}", nameof(limit));
        }
    }

    private async Task<RiskLimit> PutAsync(DbSession db, RiskLimit limit)
    {
        await database.Dialect.LockAsync(db, WriteLock.Limits);
        var found = await LimitRows.VersionAsync(db, limit.LimitId);
        if (found != limit.Version)
        {
            throw new LimitConflictException(limit.LimitId, limit.Version, found);
        }

        await DemandNoOverlapAsync(db, limit);
        var stored = await LimitRows.StoreAsync(db, limit, time.GetUtcNow());
        await LimitRows.RaiseVersionAsync(db);
        await LimitRows.RecordSettingsAsync(db);
        return stored;
    }

    /// <summary>Within the transaction of the write, which holds the lock on limits: two writers at a time cannot both pass it.</summary>
    private static async Task DemandNoOverlapAsync(DbSession db, RiskLimit limit)
    {
        if ((await LimitRows.AllAsync(db)).FirstOrDefault(limit.Overlaps) is { } twin)
        {
            throw new LimitOverlapException(limit.LimitId, twin.LimitId);
        }
    }

    private async Task<bool> ConfigureAsync(DbSession db, AlertingScope alerting, IReadOnlyList<RiskLimit> configured)
    {
        var now = time.GetUtcNow();
        await database.Dialect.LockAsync(db, WriteLock.Limits);
        var changed = await LimitRows.SetAlertingAsync(db, alerting);
        foreach (var limit in configured)
        {
            if (await LimitRows.FindAsync(db, limit.LimitId) is not { } stored || !SaysTheSame(stored, limit))
            {
                await LimitRows.StoreAsync(db, limit with { ChangedBy = Configuration }, now);
                changed = true;
            }
        }

        var named = configured.Select(limit => limit.LimitId).ToHashSet(StringComparer.Ordinal);
        foreach (var vanished in (await LimitRows.AllAsync(db)).Where(row => FollowsConfiguration(row) && !named.Contains(row.LimitId)))
        {
            await LimitRows.RemoveAsync(db, vanished, Configuration, "no longer in the configuration", now);
            changed = true;
        }

        foreach (var limit in configured)
        {
            await DemandNoOverlapAsync(db, limit);
        }

        if (changed)
        {
            await LimitRows.RaiseVersionAsync(db);
            await LimitRows.RecordSettingsAsync(db);
        }

        return changed;
    }

    /// <summary>A row that was changed by hand since is left alone.</summary>
    private static bool FollowsConfiguration(RiskLimit row) => row.IsConfigured && row.ChangedBy == Configuration;

    private static bool SaysTheSame(RiskLimit stored, RiskLimit configured) =>
        stored == configured with { Version = stored.Version, Reason = stored.Reason, ChangedBy = stored.ChangedBy };
}
