using System.Text.Json;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Asking;

/// <summary>The answer to a question in plain language.</summary>
public sealed record AskAnswer : Answer
{
    internal AskAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>As it was asked.</summary>
    public required string Question { get; init; }

    /// <summary>What it was taken to mean.</summary>
    public required string Understood { get; init; }

    /// <summary>In the language of the question.</summary>
    public required string Conclusion { get; init; }

    /// <summary>Where the figures of the conclusion stand in this answer.</summary>
    public required IReadOnlyList<Citation> Citations { get; init; }

    /// <summary>Every call that was made, in order.</summary>
    public required IReadOnlyList<AskedCall> Calls { get; init; }

    /// <summary>What the conclusion rests on.</summary>
    public required IReadOnlyList<AskedResult> Results { get; init; }

    /// <summary>model or rules.</summary>
    public required string AnsweredBy { get; init; }

    /// <summary>Why there is no conclusion of the model, although there is a model; null where there is no model, and where its conclusion stands.</summary>
    public required string? Rejected { get; init; }
}

/// <summary>A call that was made to answer a question.</summary>
/// <param name="Result">ok, or an error code.</param>
/// <param name="Problem">What was wrong with it; null when ok.</param>
public sealed record AskedCall(string Tool, JsonElement Arguments, string Result, string? Problem);

/// <summary>What a call answered, without what this answer says anyway and what is null, and with long lists cut.</summary>
/// <param name="Call">Its place in <c>calls</c>.</param>
/// <param name="LeftOut">Lists that were cut, and to what.</param>
public sealed record AskedResult(int Call, string Tool, JsonElement Answer, IReadOnlyList<string> LeftOut);
