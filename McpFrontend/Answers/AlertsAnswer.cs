using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>A page of alerts.</summary>
internal sealed record AlertsAnswer : ListAnswer
{
    internal AlertsAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    public required IReadOnlyList<AlertAnswer> Alerts { get; init; }
}
