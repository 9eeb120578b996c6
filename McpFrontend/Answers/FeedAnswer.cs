using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>How far an answer can be trusted, as far as the feed behind it is concerned.</summary>
internal sealed record FeedAnswer(string State, DateTimeOffset? AppliedThrough, DateTimeOffset? LastHeardAt, IReadOnlyList<string> Reasons)
{
    public static FeedAnswer Of(FeedStatus status, Caller caller) => new(status.State.Name(), status.AppliedThrough, status.LastHeardAt, ReasonsFor(status, caller));

    /// <summary>Where files lie on the server is for those who can do something about it.</summary>
    public static IReadOnlyList<string> ReasonsFor(FeedStatus status, Caller caller) =>
        caller.Role >= Role.Operator ? status.Reasons : [.. status.Reasons.Select(FeedReason.WithoutPaths)];
}
