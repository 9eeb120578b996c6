using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>An answer that is one page of a list.</summary>
public abstract record ListAnswer : Answer
{
    private protected ListAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed)
    {
        Total = total;
        Returned = returned;
        NextCursor = nextCursor;
        Truncated = nextCursor is not null;
    }

    /// <summary>The number of rows on all pages.</summary>
    public long Total { get; }

    public int Returned { get; }

    /// <summary>There is more than this page: behind <see cref="NextCursor"/>, or summed up where the list says so.</summary>
    public bool Truncated { get; init; }

    /// <summary>Gives the next page of the same call; null on the last.</summary>
    public string? NextCursor { get; }

    /// <summary>Why the list is empty and what to try; null when it is not.</summary>
    public string? Hint { get; init; }
}
