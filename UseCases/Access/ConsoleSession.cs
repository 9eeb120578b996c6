using System.Security.Claims;

namespace RiskMonitor.UseCases.Access;

/// <summary>
/// What a browser's cookie says: on what the session stands. Of a key only the id is in it, so that its rights are always those of now; of a sign-in at
/// the identity provider the claims, which hold until the token ends.
/// </summary>
public static class ConsoleSession
{
    /// <summary>The authentication scheme of the cookie, which is only used by the console's own pages.</summary>
    public const string Scheme = "Console";

    private const string KeyClaim = "key";
    private const string TokenClaim = "token";
    private const string AddressClaim = "address";

    /// <param name="caller">Without a key and claims: a session of this machine, which lives for one request and never becomes a cookie.</param>
    /// <param name="claims">Of the token by which the user signed in, as it was signed; null: it was no token.</param>
    public static ClaimsPrincipal Of(Caller caller, string? claims)
    {
        var identity = new ClaimsIdentity(Scheme);
        Add(KeyClaim, caller.KeyId);
        Add(TokenClaim, claims);
        Add(AddressClaim, caller.Address);
        return new ClaimsPrincipal(identity);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                identity.AddClaim(new Claim(name, value));
            }
        }
    }

    /// <returns>False when the request has no session.</returns>
    public static bool IsOne(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: Scheme };

    public static SessionBasis BasisOf(ClaimsPrincipal user) => new(user.FindFirst(KeyClaim)?.Value, user.FindFirst(TokenClaim)?.Value);

    public static string? AddressOf(ClaimsPrincipal user) => user.FindFirst(AddressClaim)?.Value;
}

/// <summary>On what a session stands; on neither: on this machine.</summary>
/// <param name="KeyId">Of the API key.</param>
/// <param name="Claims">Of the token of the identity provider.</param>
public sealed record SessionBasis(string? KeyId, string? Claims);
