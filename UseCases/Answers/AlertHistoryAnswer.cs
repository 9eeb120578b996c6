using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>One alert and what happened to it.</summary>
public sealed record AlertHistoryAnswer : Answer
{
    internal AlertHistoryAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required AlertAnswer Alert { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<HistoryAnswer> History { get; init; }
}

/// <summary>One step of an alert's life.</summary>
/// <param name="Detail">Null when withheld.</param>
public sealed record HistoryAnswer(DateTimeOffset At, string Kind, int Revision, string? Detail)
{
    /// <summary>Their details quote what the receiver answered, and that may quote the message with all its drivers.</summary>
    private static readonly string[] s_quotingKinds = ["attempt_failed", "dead_letter"];

    public static HistoryAnswer Of(AlertEvent happened, AlertView view) =>
        new(happened.At, happened.Kind, happened.Revision, view.Drivers || !s_quotingKinds.Contains(happened.Kind) ? happened.Detail : null);

    public static IReadOnlyList<string> Withheld(AlertView view) => view.Drivers ? [] : [.. s_quotingKinds.Select(kind => $"history.{kind}.detail")];
}
