namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What the MCP server allows itself and its clients (<c>Mcp:…</c>).</summary>
public sealed class McpOptions
{
    public const string Section = "Mcp";

    /// <summary>How often alerts are looked at for changes while anybody listens.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Streams that a user may have open at a time.</summary>
    public int ListenersPerUser { get; set; } = 8;

    /// <summary>A stream is ended after this long, so that a right that was taken away is gone; clients open a new one.</summary>
    public TimeSpan ListenAtMost { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A message that is longer is refused.</summary>
    public int MostMessageBytes { get; set; } = 256 * 1024;
}
