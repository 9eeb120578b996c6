using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The state of the feed behind an answer, which shows how far its figures can be trusted.</summary>
public sealed record FeedAnswer(string State, DateTimeOffset? AppliedThrough, DateTimeOffset? LastHeardAt, IReadOnlyList<string> Reasons)
{
    /// <summary>The greatest number of desks whose problems are listed, so that they do not dominate the answer.</summary>
    private const int MostDesks = 20;

    /// <param name="caller">The caller, who sees only the problems of visible desks.</param>
    public static FeedAnswer Of(FeedStatus status, Caller caller) => new(status.State.Name(), status.AppliedThrough, status.LastHeardAt, ReasonsFor(status, caller));

    /// <summary>Paths on the server are shown only to operators and administrators, and problems of a desk only to callers who may see the desk.</summary>
    public static IReadOnlyList<string> ReasonsFor(FeedStatus status, Caller caller)
    {
        IEnumerable<string> reasons =
        [
            .. status.Reasons,
            .. status.Desks.Where(doubt => caller.MaySee(doubt.Desk)).Take(MostDesks).Select(doubt => $"desk {VisibleText.Quoted(doubt.Desk)}: {doubt.Reason}"),
        ];
        return [.. caller.Role >= Role.Operator ? reasons : reasons.Select(FeedReason.WithoutPaths)];
    }
}
