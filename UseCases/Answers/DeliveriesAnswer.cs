using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A page of the delivery log.</summary>
public sealed record DeliveriesAnswer : ListAnswer
{
    internal DeliveriesAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    public required IReadOnlyList<DeliveryAnswer> Deliveries { get; init; }
}

/// <summary>A message at an endpoint.</summary>
/// <param name="Type">The message's event type.</param>
/// <param name="LastError">Null also when withheld.</param>
/// <param name="Answer">The beginning of the receiver's last answer; null also when withheld.</param>
public sealed record DeliveryAnswer(
    string DeliveryId,
    Guid AlertId,
    string Desk,
    string Endpoint,
    string Type,
    int Revision,
    bool Required,
    string State,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? DeliveredAt,
    int? LastStatus,
    double? LatencyMs,
    string? LastError,
    string? Answer);

/// <summary>Dead letters that were sent again.</summary>
public sealed record ReplayedAnswer : Answer
{
    internal ReplayedAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>Alerts whose dead letters are being sent again.</summary>
    public required int Replayed { get; init; }

    /// <summary>Dead letters that are left; ask again to send these.</summary>
    public required long Left { get; init; }
}
