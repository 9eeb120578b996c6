using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.Risk.Limits;

/// <summary>A figure of a desk entered the warning band of its limit, or left it. No alert is made of it.</summary>
/// <param name="Before">Null where it is unknown: the desk was loaded in the middle of a snapshot.</param>
/// <param name="Limit">The limit in force; null when none is.</param>
/// <param name="Missing">How many positions are in the figure without a delta.</param>
public sealed record UtilisationChange(
    EpisodeKey Key,
    UtilisationState? Before,
    Utilisation After,
    decimal Figure,
    string Unit,
    RiskLimit? Limit,
    int Missing,
    FeedState Feed);
