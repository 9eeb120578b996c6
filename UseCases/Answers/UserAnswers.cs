using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A user of the table has a new key.</summary>
public sealed record UserKeyAnswer : Answer
{
    internal UserKeyAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>added or changed.</summary>
    public required string Outcome { get; init; }

    public required UserAnswer User { get; init; }

    /// <summary>No other answer shows it.</summary>
    public required string ApiKey { get; init; }
}

/// <summary>A user's key has ended.</summary>
public sealed record UserRevokedAnswer : Answer
{
    internal UserRevokedAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required string Name { get; init; }

    public required string KeyId { get; init; }
}
