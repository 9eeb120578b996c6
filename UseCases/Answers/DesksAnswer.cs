using System.Text.Json.Serialization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A page of desks.</summary>
public sealed record DesksAnswer : ListAnswer
{
    internal DesksAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    public required string OrderBy { get; init; }

    /// <summary>The basis of an answer about the past; null for now.</summary>
    public required PastBasis? History { get; init; }

    public required IReadOnlyList<DeskAnswer> Desks { get; init; }

    /// <summary>Desks that cannot be read and are missing here.</summary>
    public IReadOnlyList<UnavailableDeskAnswer> UnavailableDesks { get; init; } = [];
}

/// <summary>A desk in the list, against the limits that raise alerts.</summary>
public sealed record DeskAnswer : Figures
{
    internal DeskAnswer(Totals totals, string unit)
        : base(totals, unit)
    {
    }

    [JsonPropertyOrder(KeyOrder)]
    public required string Desk { get; init; }

    public bool Incomplete => MissingDeltaCount > 0;

    /// <summary>A snapshot of the desk's positions is being read; limits are evaluated at its end.</summary>
    public required bool Building { get; init; }

    /// <summary>The threshold of the <c>net_delta</c> limit; null if none is in force.</summary>
    public required Money? Threshold { get; init; }

    /// <summary>|net delta| / threshold.</summary>
    public required decimal? Utilisation { get; init; }

    /// <summary>The largest utilisation over the metrics, by which the list may be ordered.</summary>
    public required decimal? HighestUtilisation { get; init; }

    public required string UtilisationState { get; init; }

    public required int OpenBreaches { get; init; }
}
