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

    /// <summary>Desks that were judged by it before this answer.</summary>
    public required int DesksJudged { get; init; }

    /// <summary>Desks that are judged by it within seconds.</summary>
    public required int DesksPending { get; init; }
}
