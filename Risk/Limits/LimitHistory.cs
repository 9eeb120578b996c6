namespace RiskMonitor.Risk.Limits;

/// <summary>What a limit said from an instant on.</summary>
/// <param name="Removed">From then on the limit is gone; the row repeats what it said last, and why it was removed.</param>
public sealed record LimitVersion(RiskLimit Limit, DateTimeOffset ChangedAt, bool Removed);

/// <summary>Which versions are asked for.</summary>
/// <param name="LimitId">Of one limit; null: of all.</param>
/// <param name="Desk">Only limits that may bind this desk; null: of all.</param>
/// <param name="Desks">Only limits that may bind one of these; null: of all.</param>
public sealed record LimitHistoryFilter(string? LimitId, string? Desk, IReadOnlyCollection<string>? Desks);

/// <summary>The last row of a page.</summary>
public sealed record LimitHistoryCursor(DateTimeOffset ChangedAt, string LimitId, int Version);

/// <summary>A page of versions, newest first.</summary>
/// <param name="Total">On all pages.</param>
/// <param name="Next">Null on the last page.</param>
public sealed record LimitHistoryPage(IReadOnlyList<LimitVersion> Versions, long Total, LimitHistoryCursor? Next);
