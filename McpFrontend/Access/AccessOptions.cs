using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Who may come in, and from where (<c>Access:…</c>).</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Users with an API key, beside those of the users' table.</summary>
    public List<UserOptions> Users { get; set; } = [];

    public JwtOptions Jwt { get; set; } = new();

    /// <summary>Where users of the console sign in, beside those with an API key.</summary>
    public OpenIdOptions OpenId { get; set; } = new();

    /// <summary>Require credentials even while no user exists. Needed behind a proxy on this machine, which makes remote clients look like local programs.</summary>
    public bool RequireUsers { get; set; }

    /// <summary>Host names by which this server is asked for, comma separated, without ports. Loopback names and the server's own addresses always are.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Origins whose pages may ask, comma separated, such as <c>https://console.example</c>. Pages of loopback names and of this server always may.</summary>
    public string AllowedOrigins { get; set; } = "";

    /// <summary>Where clients find this server, where a proxy stands before it: <c>https://risk.example</c>. Empty: by the host name they asked for.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Proxies whose <c>X-Forwarded-For</c> says who the client is, comma separated: addresses, or networks such as <c>10.0.0.0/8</c>.</summary>
    public string TrustedProxies { get; set; } = "";

    internal IReadOnlyList<string> ProxyNames => Names(TrustedProxies);

    internal IReadOnlyList<string> HostNames => Names(AllowedHosts);

    internal IReadOnlyList<string> Origins => Names(AllowedOrigins);

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A user of the configuration (<c>Access:Users:n:…</c>).</summary>
public sealed class UserOptions
{
    public string Name { get; set; } = "";

    public string Role { get; set; } = "";

    /// <summary>One entry for each desk; a single <c>*</c>: all. Not comma separated, because desk names may contain commas.</summary>
    public List<string> Desks { get; set; } = [];

    public string Clearance { get; set; } = "";

    /// <summary>As <c>users key</c> prints it; the key itself is not configured.</summary>
    public string KeyHash { get; set; } = "";

    /// <summary>Only of options that were found right.</summary>
    internal (RiskUser User, KeyHash Key) Read() => (
        new RiskUser(
            Name,
            AccessNames.ParseRole(Role)!.Value,
            Desks is [RiskUser.AllDesks] ? null : Desks,
            AccessNames.ParseClearance(Clearance)!.Value),
        Risk.Access.KeyHash.Parse(KeyHash)!);
}
