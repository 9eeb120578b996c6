using System.Text.Json.Serialization;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The fields with which every answer begins.</summary>
public abstract record Answer
{
    private protected Answer(CallContext context, FeedStatus feed)
    {
        RequestId = context.RequestId;
        AsOf = context.AsOf;
        Feed = FeedAnswer.Of(feed, context.Caller);
        Scope = ScopeAnswer.Of(context.Caller);
    }

    [JsonPropertyOrder(-5)]
    public string RequestId { get; }

    /// <summary>The instant asked for.</summary>
    [JsonPropertyOrder(-4)]
    public DateTimeOffset AsOf { get; }

    [JsonPropertyOrder(-3)]
    public FeedAnswer Feed { get; }

    [JsonPropertyOrder(-2)]
    public ScopeAnswer Scope { get; }

    /// <summary>The parts of this answer that the caller's scope hides.</summary>
    [JsonPropertyOrder(-1)]
    public IReadOnlyList<string> Withheld { get; init; } = [];
}
