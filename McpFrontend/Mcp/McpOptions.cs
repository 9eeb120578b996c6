using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What the MCP server allows itself and its clients (<c>Mcp:…</c>).</summary>
public sealed class McpOptions
{
    public const string Section = "Mcp";

    /// <summary>How often alerts are looked at for changes while anybody listens.</summary>
    [Bounds(Min = "00:00:00.050", Max = "00:01:00", Usual = "00:00:01")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Streams that a user may have open at a time.</summary>
    [Bounds(Min = "1", Max = "1000", Usual = "8")]
    public int ListenersPerUser { get; set; } = 8;

    /// <summary>A stream is ended after this long, so that a right that was taken away is gone; clients open a new one.</summary>
    [Bounds(Min = "00:01:00", Max = "1.00:00:00", Usual = "01:00:00")]
    public TimeSpan ListenAtMost { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A message that is longer is refused.</summary>
    [Bounds(Min = "16384", Max = "16777216", Usual = "262144")]
    public int MostMessageBytes { get; set; } = 256 * 1024;
}

[OptionsValidator]
internal sealed partial class McpOptionsValidator : IValidateOptions<McpOptions>;
