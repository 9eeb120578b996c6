using System.Text.Json.Serialization;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>One desk as it stands.</summary>
public sealed record DeskExposureAnswer : Answer
{
    internal DeskExposureAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required string Desk { get; init; }

    /// <summary>The basis of an answer about the past; null for now.</summary>
    public required HistoryBasis? History { get; init; }

    [JsonConverter(typeof(ExposureAnswer.OnceWritten))]
    public required ExposureAnswer Exposure { get; init; }

    /// <summary>In the reporting currency; null where none is configured, and for the past.</summary>
    public required ReportingAnswer? Reporting { get; init; }

    public required string LimitProfile { get; init; }

    public required string Horizon { get; init; }

    /// <summary>The limits in force for the profile and horizon, one per metric that has one.</summary>
    public required IReadOnlyList<LimitUseAnswer> Limits { get; init; }

    /// <summary>The one of <c>net_delta</c>; null where none is in force.</summary>
    public required LimitUseAnswer? Limit { get; init; }

    /// <summary>The utilisation of <see cref="Limit"/>: |net delta| / threshold; null without one and at a threshold of 0.</summary>
    public required decimal? Utilisation { get; init; }

    /// <summary>The worst over the metrics: no_limit, ok, warning or breach.</summary>
    public required string UtilisationState { get; init; }

    public required IReadOnlyList<BreachAnswer> Breaches { get; init; }

    /// <summary>The alerts of open breaches.</summary>
    public required IReadOnlyList<AlertAnswer> Alerts { get; init; }

    public required string Conclusion { get; init; }

    public required IReadOnlyList<Citation> Citations { get; init; }
}

/// <summary>The place of a figure of the conclusion in the answer.</summary>
/// <param name="Path">JSON Pointer (RFC 6901).</param>
public sealed record Citation(string Figure, string Path, DateTimeOffset AsOf);
