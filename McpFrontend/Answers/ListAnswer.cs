using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>An answer that is one page of a list.</summary>
internal abstract record ListAnswer : Answer
{
    private protected ListAnswer(Question question, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(question, feed)
    {
        Total = total;
        Returned = returned;
        NextCursor = nextCursor;
    }

    public long Total { get; }

    public int Returned { get; }

    /// <summary>There is more behind <see cref="NextCursor"/>.</summary>
    public bool Truncated => NextCursor is not null;

    /// <summary>Gives the next page of the same question; null on the last.</summary>
    public string? NextCursor { get; }
}
