using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.Grains.Feeds;

/// <summary>When a feed counts as silent (<c>Feed:…</c>).</summary>
public sealed class FeedOptions
{
    public const string Section = "Feed";

    /// <summary>Neither change nor heartbeat for this long: answers say <c>stale</c>.</summary>
    [Bounds(Min = "00:00:01", Usual = "00:00:30")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A change that was read and is not applied after this long: answers say <c>stale</c>.</summary>
    [Bounds(Min = "00:00:01", Usual = "00:00:05")]
    public TimeSpan BehindAfter { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class FeedOptionsValidator : IValidateOptions<FeedOptions>;
