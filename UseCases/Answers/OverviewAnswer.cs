using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Every desk that the caller may see against its limits, and the open breaches.</summary>
public sealed record OverviewAnswer : Answer
{
    internal OverviewAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>The measures that any of the desks has a limit for; each desk's uses are in this order.</summary>
    public required IReadOnlyList<OverviewMeasure> Measures { get; init; }

    /// <summary>The nearest to a limit first.</summary>
    public required IReadOnlyList<OverviewDeskAnswer> Desks { get; init; }

    /// <summary>Open breaches, the most severe first, then the oldest.</summary>
    public required IReadOnlyList<AlertAnswer> Breaches { get; init; }

    /// <summary>Desks that cannot be read and are missing here.</summary>
    public required IReadOnlyList<UnavailableDeskAnswer> UnavailableDesks { get; init; }

    /// <summary>Why there is no desk; null where there are some.</summary>
    public required string? Hint { get; init; }
}

/// <summary>What a limit bounds.</summary>
public sealed record OverviewMeasure(string Metric, string Horizon);

/// <summary>A desk against its limits.</summary>
public sealed record OverviewDeskAnswer : Figures
{
    internal OverviewDeskAnswer(Totals totals, string unit)
        : base(totals, unit)
    {
    }

    public required string Desk { get; init; }

    public required bool Building { get; init; }

    /// <summary>One for each measure; null where no limit is in force.</summary>
    public required IReadOnlyList<LimitUseAnswer?> Uses { get; init; }

    /// <summary>The largest utilisation; null where there is no limit.</summary>
    public required decimal? HighestUtilisation { get; init; }

    public required string UtilisationState { get; init; }

    public required int OpenBreaches { get; init; }
}
