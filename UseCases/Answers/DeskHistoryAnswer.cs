using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A desk over time.</summary>
public sealed record DeskHistoryAnswer : Answer
{
    internal DeskHistoryAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required string Desk { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required int StepSeconds { get; init; }

    public required string LimitProfile { get; init; }

    public required string Horizon { get; init; }

    /// <summary>Oldest first. Instants before all that is kept of the desk are left out.</summary>
    public required IReadOnlyList<HistoryPoint> Points { get; init; }

    /// <summary>How many instants were left out because nothing that old is kept.</summary>
    public required int NotKept { get; init; }
}

/// <summary>The desk at one instant.</summary>
public sealed record HistoryPoint : Figures
{
    internal HistoryPoint(Totals totals, string unit)
        : base(totals, unit)
    {
    }

    public required DateTimeOffset At { get; init; }

    /// <summary>To the change; else the last state kept before the instant.</summary>
    public required bool Exact { get; init; }

    /// <summary>The threshold of the <c>net_delta</c> limit; null if none was in force.</summary>
    public required Money? Threshold { get; init; }

    /// <summary>The largest over the metrics.</summary>
    public required decimal? HighestUtilisation { get; init; }

    public required string UtilisationState { get; init; }

    public required int OpenBreaches { get; init; }
}
