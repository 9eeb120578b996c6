using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>How far an answer can be trusted, as far as the feed behind it is concerned.</summary>
internal sealed record FeedAnswer(string State, DateTimeOffset? AppliedThrough, DateTimeOffset? LastHeardAt, IReadOnlyList<string> Reasons)
{
    /// <param name="caller">Reads what is wrong with desks that it may see; null: names of desks are for nobody.</param>
    public static FeedAnswer Of(FeedStatus status, Caller? caller) => new(
        status.State.Name(),
        status.AppliedThrough,
        status.LastHeardAt,
        [
            .. status.Reasons,
            .. status.Desks.Where(doubt => caller?.MaySee(doubt.Desk) == true).Take(MostDesks).Select(doubt => $"desk '{doubt.Desk}': {doubt.Reason}"),
        ]);

    /// <summary>More fill an answer that has other things to say.</summary>
    private const int MostDesks = 20;
}
