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

    /// <summary>The question as it was sent.</summary>
    public required string Question { get; init; }

    /// <summary>How the question was interpreted.</summary>
    public required string Understood { get; init; }

    /// <summary>In the language of the question.</summary>
    public required string Conclusion { get; init; }

    /// <summary>The place of each figure of the conclusion in this answer.</summary>
    public required IReadOnlyList<Citation> Citations { get; init; }

    /// <summary>Every call that was made, in order.</summary>
    public required IReadOnlyList<AskedCall> Calls { get; init; }

    /// <summary>The results that the conclusion uses.</summary>
    public required IReadOnlyList<AskedResult> Results { get; init; }

    /// <summary>model or rules.</summary>
    public required string AnsweredBy { get; init; }

    /// <summary>Why the model's conclusion was rejected; null if no model is configured, and if the conclusion is the model's.</summary>
    public required string? Rejected { get; init; }
}

/// <summary>A call that was made to answer a question.</summary>
/// <param name="Result">ok, or an error code.</param>
/// <param name="Problem">The error message; null when ok.</param>
public sealed record AskedCall(string Tool, JsonElement Arguments, string Result, string? Problem);

/// <summary>The result of a call, without nulls and without fields that this answer repeats elsewhere; long lists are cut.</summary>
/// <param name="Call">Its place in <c>calls</c>.</param>
/// <param name="LeftOut">Lists that were cut, and to what.</param>
public sealed record AskedResult(int Call, string Tool, JsonElement Answer, IReadOnlyList<string> LeftOut);
