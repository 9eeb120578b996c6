using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The limit table with its history. Rows whose id begins with <c>config:</c> belong to the configuration.</summary>
internal sealed class SqliteLimitStore(SqliteStorage storage, TimeProvider time) : ILimitStore
{
    private const string Configuration = "configuration";

    public Task<LimitSet> ForDeskAsync(string desk, CancellationToken cancellationToken) =>
        storage.ReadAsync(
            ReadPool.Activation,
            session => session.InOneSnapshot(snapshot =>
            {
                var (version, alerting) = LimitRows.Settings(snapshot);
                return new LimitSet(version, alerting, LimitRows.ThatMayBind(snapshot, desk));
            }),
            cancellationToken);

    public Task<long> VersionAsync(CancellationToken cancellationToken) =>
        storage.ReadAsync(ReadPool.LookUp, session => LimitRows.Settings(session).Version, cancellationToken);

    public async Task<IReadOnlyList<RiskLimit>> ListAsync(CancellationToken cancellationToken) =>
        await storage.ReadAsync(ReadPool.LookUp, LimitRows.All, cancellationToken);

    public async Task<IReadOnlyList<UnreadableLimit>> UnreadableAsync(CancellationToken cancellationToken) =>
        await storage.ReadAsync(ReadPool.LookUp, LimitRows.AllUnreadable, cancellationToken);

    public Task<RiskLimit> PutAsync(RiskLimit limit, CancellationToken cancellationToken)
    {
        Check(limit);
        return storage.WriteAsync(session => Put(session, limit), cancellationToken);
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

        return storage.WriteAsync(session => Configure(session, alerting, configured), cancellationToken);
    }

    private static void Check(RiskLimit limit)
    {
        if (limit.Problem() is { } problem)
        {
            throw new ArgumentException($"limit '{limit.LimitId}': {problem}", nameof(limit));
        }
    }

    private RiskLimit Put(SqliteSession session, RiskLimit limit)
    {
        var found = LimitRows.Version(session, limit.LimitId);
        if (found != limit.Version)
        {
            throw new LimitConflictException(limit.LimitId, limit.Version, found);
        }

        DemandNoOverlap(session, limit);
        var stored = LimitRows.Store(session, limit, time.GetUtcNow());
        LimitRows.RaiseVersion(session);
        return stored;
    }

    /// <summary>Within the transaction of the write: two writers at a time cannot both pass it.</summary>
    private static void DemandNoOverlap(SqliteSession session, RiskLimit limit)
    {
        if (LimitRows.All(session).FirstOrDefault(limit.Overlaps) is { } twin)
        {
            throw new LimitOverlapException(limit.LimitId, twin.LimitId);
        }
    }

    private bool Configure(SqliteSession session, AlertingScope alerting, IReadOnlyList<RiskLimit> configured)
    {
        var now = time.GetUtcNow();
        var changed = LimitRows.SetAlerting(session, alerting);
        foreach (var limit in configured)
        {
            if (LimitRows.Find(session, limit.LimitId) is not { } stored || !SaysTheSame(stored, limit))
            {
                LimitRows.Store(session, limit with { ChangedBy = Configuration }, now);
                changed = true;
            }
        }

        var named = configured.Select(limit => limit.LimitId).ToHashSet(StringComparer.Ordinal);
        foreach (var vanished in LimitRows.All(session).Where(row => FollowsConfiguration(row) && !named.Contains(row.LimitId)))
        {
            LimitRows.Remove(session, vanished, Configuration, "no longer in the configuration", now);
            changed = true;
        }

        foreach (var limit in configured)
        {
            DemandNoOverlap(session, limit);
        }

        if (changed)
        {
            LimitRows.RaiseVersion(session);
        }

        return changed;
    }

    /// <summary>A row that somebody has changed since is theirs.</summary>
    private static bool FollowsConfiguration(RiskLimit row) => row.IsConfigured && row.ChangedBy == Configuration;

    private static bool SaysTheSame(RiskLimit stored, RiskLimit configured) =>
        stored == configured with { Version = stored.Version, Reason = stored.Reason, ChangedBy = stored.ChangedBy };
}
