using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A limit that was written.</summary>
public sealed record LimitSetAnswer : Answer
{
    internal LimitSetAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>As it is stored now, with its new version.</summary>
    public required LimitRowAnswer Limit { get; init; }

    /// <summary>created or changed.</summary>
    public required string Outcome { get; init; }

    /// <summary>The number of desks that evaluated the limit before this answer.</summary>
    public required int DesksJudged { get; init; }

    /// <summary>The number of desks that will evaluate the limit within seconds.</summary>
    public required int DesksPending { get; init; }
}
