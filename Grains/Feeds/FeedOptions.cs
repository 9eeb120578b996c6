using Microsoft.Extensions.Options;

namespace RiskMonitor.Grains.Feeds;

/// <summary>When a feed counts as stale (<c>Feed:…</c>).</summary>
public sealed class FeedOptions
{
    public const string Section = "Feed";

    /// <summary>Neither change nor heartbeat for this long: answers say <c>stale</c>.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A change that was read and is not applied after this long: answers say <c>stale</c>.</summary>
    public TimeSpan BehindAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A desk that takes longer to complete a snapshot is notified again later, and the feed no longer counts as building because of it.</summary>
    public TimeSpan DeskTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

internal sealed class FeedOptionsValidator : IValidateOptions<FeedOptions>
{
    public ValidateOptionsResult Validate(string? name, FeedOptions options) => options.StaleAfter < TimeSpan.FromSeconds(1)
        ? ValidateOptionsResult.Fail($"{FeedOptions.Section}:{nameof(options.StaleAfter)} is {options.StaleAfter}; set it to 00:00:01 or more (usual: 00:00:30)")
        : options.BehindAfter < TimeSpan.FromSeconds(1)
        ? ValidateOptionsResult.Fail($"{FeedOptions.Section}:{nameof(options.BehindAfter)} is {options.BehindAfter}; set it to 00:00:01 or more (usual: 00:00:05)")
        : options.DeskTimeout < TimeSpan.FromSeconds(1)
        ? ValidateOptionsResult.Fail($"{FeedOptions.Section}:{nameof(options.DeskTimeout)} is {options.DeskTimeout}; set it to 00:00:01 or more (usual: 00:00:05)")
        : ValidateOptionsResult.Success;
}
