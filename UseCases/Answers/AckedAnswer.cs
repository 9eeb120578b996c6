using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>An acknowledgement that was accepted.</summary>
public sealed record AckedAnswer : Answer
{
    internal AckedAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required Guid AlertId { get; init; }

    public required string Desk { get; init; }

    /// <summary>accepted, or repeated where the revision was acknowledged before.</summary>
    public required string Outcome { get; init; }

    public required string Status { get; init; }

    public required int Revision { get; init; }

    public required DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>The caller of the first acknowledgement, even if this call only repeats it.</summary>
    public required string AckedBy { get; init; }

    public required string? OnBehalfOf { get; init; }
}
