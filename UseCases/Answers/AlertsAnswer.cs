using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A page of alerts.</summary>
public sealed record AlertsAnswer : ListAnswer
{
    internal AlertsAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    public required IReadOnlyList<AlertAnswer> Alerts { get; init; }
}
