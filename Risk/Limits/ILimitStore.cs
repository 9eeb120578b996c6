namespace RiskMonitor.Risk.Limits;

/// <summary>The limit table.</summary>
public interface ILimitStore
{
    /// <summary>Every limit that may bind a desk, and the version of the whole table.</summary>
    /// <exception cref="LimitUnreadableException">One of them cannot be read.</exception>
    Task<LimitSet> ForDeskAsync(string desk, CancellationToken cancellationToken);

    /// <summary>Grows with each change of the table or of the alerting scope.</summary>
    Task<long> VersionAsync(CancellationToken cancellationToken);

    /// <summary>All current rows that can be read, by id.</summary>
    Task<IReadOnlyList<RiskLimit>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The current rows that cannot be read. Writing the limit's next version replaces such a row.</summary>
    Task<IReadOnlyList<UnreadableLimit>> UnreadableAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UnreadableLimit>>([]);

    /// <summary>The versions that limits had, newest first; what cannot be read is left out.</summary>
    /// <param name="after">The last row of the page before; null: from the newest on.</param>
    Task<LimitHistoryPage> HistoryAsync(LimitHistoryFilter filter, LimitHistoryCursor? after, int pageSize, CancellationToken cancellationToken);

    /// <summary>Writes a limit: a new one at version 1, or the next version of a known one. The row's own version is the one expected to be there: 0 for none.</summary>
    /// <returns>The row as stored.</returns>
    /// <exception cref="ArgumentException">The row is not right; the message says what to change.</exception>
    /// <exception cref="LimitConflictException">The stored version is another one.</exception>
    /// <exception cref="LimitOverlapException">Another limit binds the same at overlapping times.</exception>
    Task<RiskLimit> PutAsync(RiskLimit limit, CancellationToken cancellationToken);

    /// <summary>Makes the table's configured rows what the configuration says, changing only what differs.</summary>
    /// <exception cref="LimitOverlapException">Another limit binds the same as one of these at overlapping times; nothing is changed.</exception>
    Task ConfigureAsync(AlertingScope alerting, IReadOnlyList<RiskLimit> configured, CancellationToken cancellationToken);
}

/// <summary>A row of the limit table that cannot be read.</summary>
/// <param name="Version">The version to name when it is replaced.</param>
public sealed record UnreadableLimit(string LimitId, LimitScope Scope, string ScopeKey, int Version, string Problem);

/// <summary>A limit that may bind a desk cannot be read; writing its next version replaces it.</summary>
public sealed class LimitUnreadableException(string limitId, string problem) : Exception($"limit '{limitId}' cannot be read: {problem}")
{
    public string LimitId { get; } = limitId;
}

/// <summary>The limit was changed since it was read.</summary>
public sealed class LimitConflictException(string limitId, int expected, int found)
    : Exception($"limit '{limitId}' is at version {found}, not {expected}: read it again and repeat the change with version {found}");

/// <summary>A second limit would bind what another one binds.</summary>
public sealed class LimitOverlapException(string limitId, string twinId)
    : Exception($"limit '{limitId}' would bind the same (scope, metric, profile, horizon) at overlapping times as limit '{twinId}': change that one, or give the new one other times")
{
    /// <summary>The limit that is there.</summary>
    public string TwinId { get; } = twinId;
}
