using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Answers;

/// <summary>How far an answer can be trusted, as far as the feed behind it is concerned.</summary>
public sealed record FeedAnswer(string State, DateTimeOffset? AppliedThrough, DateTimeOffset? LastHeardAt, IReadOnlyList<string> Reasons)
{
    /// <summary>More fill an answer that has other things to say.</summary>
    private const int MostDesks = 20;

    /// <param name="caller">Reads what is wrong with desks that it may see.</param>
    public static FeedAnswer Of(FeedStatus status, Caller caller) => new(status.State.Name(), status.AppliedThrough, status.LastHeardAt, ReasonsFor(status, caller));

    /// <summary>Where files lie on the server is for those who can do something about it, and what is wrong with a desk for those who may see it.</summary>
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
