namespace RiskMonitor.McpFrontend.Access;

/// <summary>An OpenID Connect provider at which users of the console sign in (<c>Access:OpenId:…</c>). Which claims say what is in <c>Access:Jwt:…Claim</c>.</summary>
public sealed class OpenIdOptions
{
    public const string Section = "Access:OpenId";

    /// <summary>The provider; its <c>.well-known/openid-configuration</c> says the rest.</summary>
    public string Authority { get; set; } = "";

    /// <summary>As which client this console is registered there.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Of a confidential client. Empty: a public one, which PKCE protects alone.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>What is asked for, separated by blanks; <c>openid</c> is among them.</summary>
    public string Scopes { get; set; } = "openid profile";

    /// <summary>As the button of the sign-in page names the provider.</summary>
    public string Name { get; set; } = "OpenID Connect";

    /// <summary>How far the provider's clock may be off.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one request to the provider may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    internal bool IsConfigured => Authority.Length > 0 || ClientId.Length > 0 || ClientSecret.Length > 0;
}
