using System.Text.Json.Serialization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Exposure by group.</summary>
public sealed record ExposuresAnswer : ListAnswer
{
    internal ExposuresAnswer(CallContext context, FeedStatus feed, long total, int returned, string? nextCursor)
        : base(context, feed, total, returned, nextCursor)
    {
    }

    public required string GroupBy { get; init; }

    public required string OrderBy { get; init; }

    /// <summary>The basis of an answer about the past; null for now.</summary>
    public required PastBasis? History { get; init; }

    /// <summary>Rows with a larger |net delta| are marked.</summary>
    public required Money? Threshold { get; init; }

    /// <summary>Where the figures come from position rows that are behind: they hold every change up to this. Else null.</summary>
    public required DateTimeOffset? RowsAsOf { get; init; }

    /// <summary>Over all groups, those of other pages too.</summary>
    public required Figures Totals { get; init; }

    /// <summary>Null where no reporting currency is configured.</summary>
    public required ReportingAnswer? Reporting { get; init; }

    public required IReadOnlyList<ExposureRow> Rows { get; init; }

    /// <summary>The groups below the <c>top</c> that was asked for, as one; null without.</summary>
    public required Figures? Other { get; init; }

    /// <summary>Desks that cannot be read and are missing here.</summary>
    public IReadOnlyList<UnavailableDeskAnswer> UnavailableDesks { get; init; } = [];
}

/// <summary>One group. A field by which the call does not group is null.</summary>
public sealed record ExposureRow : Figures
{
    internal ExposureRow(Totals totals, string unit)
        : base(totals, unit)
    {
    }

    [JsonPropertyOrder(KeyOrder)]
    public required string? Desk { get; init; }

    [JsonPropertyOrder(KeyOrder)]
    public required string? TraderId { get; init; }

    [JsonPropertyOrder(KeyOrder)]
    public required string? SecurityId { get; init; }

    [JsonPropertyOrder(KeyOrder)]
    public required string? Currency { get; init; }

    public bool Incomplete => MissingDeltaCount > 0;

    /// <summary>Null without a threshold.</summary>
    public required bool? AboveThreshold { get; init; }

    /// <summary>The delta in the reporting currency; null where there is none or a rate is missing.</summary>
    public required Money? ReportingDelta { get; init; }
}
