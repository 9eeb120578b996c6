using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>One alert and what happened to it.</summary>
internal sealed record AlertHistoryAnswer : Answer
{
    internal AlertHistoryAnswer(Question question, FeedStatus feed)
        : base(question, feed)
    {
    }

    public required AlertAnswer Alert { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<HistoryAnswer> History { get; init; }
}

/// <summary>One step of an alert's life.</summary>
internal sealed record HistoryAnswer(DateTimeOffset At, string Kind, int Revision, string Detail);
