using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>How far an answer can be trusted, as far as the feed behind it is concerned.</summary>
internal sealed record FeedAnswer(string State, DateTimeOffset? AppliedThrough, DateTimeOffset? LastHeardAt, IReadOnlyList<string> Reasons)
{
    public static FeedAnswer Of(FeedStatus status) => new(status.State.Name(), status.AppliedThrough, status.LastHeardAt, status.Reasons);
}
