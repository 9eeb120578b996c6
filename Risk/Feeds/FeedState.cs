using Orleans;

namespace RiskMonitor.Risk.Feeds;

/// <summary>How far an answer can be trusted, as far as the feed behind it is concerned.</summary>
public enum FeedState
{
    Live,

    /// <summary>Of the feed, or of one of its partitions, neither a change nor a heartbeat for longer than allowed; or changes wait to be applied.</summary>
    Stale,

    /// <summary>A snapshot is being read: half a snapshot is not an exposure, so nothing is judged.</summary>
    Building,

    /// <summary>Something was lost or unreadable, and figures may be wrong until a full snapshot or a reconciliation.</summary>
    Unproven,
}

/// <summary>The names of feed states in answers.</summary>
public static class FeedStates
{
    public static string Name(this FeedState state) => state switch
    {
        FeedState.Live => "live",
        FeedState.Stale => "stale",
        FeedState.Building => "building",
        _ => "unproven",
    };
}

/// <summary>What every answer says of the feed.</summary>
/// <param name="AppliedThrough">Source commit time of the newest change applied; null before any.</param>
/// <param name="LastHeardAt">When the last change or heartbeat came; null before any.</param>
/// <param name="Reasons">Why it is not live; empty when it is.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.FeedStatus")]
public sealed record FeedStatus(
    [property: Id(0)] FeedState State,
    [property: Id(1)] DateTimeOffset? AppliedThrough,
    [property: Id(2)] DateTimeOffset? LastHeardAt,
    [property: Id(3)] IReadOnlyList<string> Reasons)
{
    /// <summary>What is wrong with single desks, for those who may see them; <see cref="Reasons"/> name none.</summary>
    [Id(4)]
    public IReadOnlyList<DeskDoubt> Desks { get; init; } = [];

    /// <summary>The status before any change or heartbeat.</summary>
    public static readonly FeedStatus Unheard = new(FeedState.Stale, null, null, ["no change and no heartbeat has been heard yet"]);
}

/// <summary>Why one desk's figures are not to be trusted, or missing.</summary>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.DeskDoubt")]
public readonly record struct DeskDoubt(
    [property: Id(0)] string Desk,
    [property: Id(1)] string Reason);
