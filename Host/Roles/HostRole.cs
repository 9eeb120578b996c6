namespace RiskMonitor.Host.Roles;

/// <summary>What a process does. A process of one role is started as often as the book needs.</summary>
[Flags]
internal enum HostRole
{
    /// <summary>Desk, alert and feed grains, analysts, webhook delivery, the sweep.</summary>
    Silo = 1,

    /// <summary>Reads the feed and hands its changes to the desks.</summary>
    Ingest = 2,

    /// <summary>MCP, HTTP API, acknowledgements.</summary>
    Frontend = 4,

    /// <summary>Everything in one process.</summary>
    All = Silo | Ingest | Frontend,
}

/// <summary>The names of roles, as they are configured.</summary>
internal static class HostRoleNames
{
    public const string Key = "Role";

    public const string Known = "silo, ingest, frontend or all";

    public static string Name(this HostRole role) => role.ToString().ToLowerInvariant();

    /// <returns>Null where there is no such role.</returns>
    public static HostRole? Parse(string text) => text.ToLowerInvariant() switch
    {
        "silo" => HostRole.Silo,
        "ingest" => HostRole.Ingest,
        "frontend" => HostRole.Frontend,
        "all" => HostRole.All,
        _ => null,
    };
}
