namespace RiskMonitor.McpFrontend.Access;

/// <summary>Tokens of an identity provider that are let in (<c>Access:Jwt:…</c>). Its keys come from one of <c>Authority</c>, <c>JwksUri</c> and <c>Key</c>.</summary>
public sealed class JwtOptions
{
    public const string Section = "Access:Jwt";

    /// <summary>The <c>iss</c> that tokens must have. Empty: the authority.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The <c>aud</c> that tokens must have.</summary>
    public string Audience { get; set; } = "";

    /// <summary>An OpenID Connect provider; its <c>.well-known/openid-configuration</c> names the keys.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The provider's JSON Web Key Set itself.</summary>
    public string JwksUri { get; set; } = "";

    /// <summary>A shared key in base64, at least 256 bits: tokens are signed with HS256 and its like.</summary>
    public string Key { get; set; } = "";

    /// <summary>How far the provider's clock may be off.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one attempt to fetch keys may take; there are two.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After this long keys are fetched anew. A token of an unknown key has them fetched at once.</summary>
    public TimeSpan KeysRefresh { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The claim that names the user.</summary>
    public string UserClaim { get; set; } = "sub";

    public string RoleClaim { get; set; } = "risk_role";

    /// <summary>An array of desk names, or <c>"*"</c>.</summary>
    public string DesksClaim { get; set; } = "risk_desks";

    public string ClearanceClaim { get; set; } = "risk_clearance";

    internal bool IsConfigured => Authority.Length > 0 || JwksUri.Length > 0 || Key.Length > 0 || Issuer.Length > 0 || Audience.Length > 0;

    internal string ExpectedIssuer => Issuer.Length > 0 ? Issuer : Authority;

    internal bool IsSymmetric => Key.Length > 0;
}
