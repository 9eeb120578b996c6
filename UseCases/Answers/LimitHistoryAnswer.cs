using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A page of the versions that limits had.</summary>
public sealed record LimitHistoryAnswer : ListAnswer
{
    internal LimitHistoryAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<LimitVersionAnswer> Versions { get; init; }
}

/// <summary>A limit from an instant on.</summary>
/// <param name="Removed">From then on the limit is gone.</param>
/// <param name="Limit">As it was written, with who wrote it and why.</param>
public sealed record LimitVersionAnswer(DateTimeOffset ChangedAt, bool Removed, LimitRowAnswer Limit);
