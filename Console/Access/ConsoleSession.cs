using System.Security.Claims;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.WebConsole.Access;

/// <summary>What a browser's cookie says: on which key the session stands. Rights are not in it, so that they are always those of now.</summary>
internal static class ConsoleSession
{
    /// <summary>The authentication scheme, which is only used by the console's own pages.</summary>
    public const string Scheme = "Console";

    private const string KeyClaim = "key";
    private const string AddressClaim = "address";

    /// <param name="caller">Without a key: a session of this machine, which lives for one request and never becomes a cookie.</param>
    public static ClaimsPrincipal Of(Caller caller)
    {
        var identity = new ClaimsIdentity(Scheme);
        if (caller.KeyId is { } keyId)
        {
            identity.AddClaim(new Claim(KeyClaim, keyId));
        }

        if (caller.Address is { } address)
        {
            identity.AddClaim(new Claim(AddressClaim, address));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <returns>False when the request has no session.</returns>
    public static bool IsOne(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: Scheme };

    public static string? KeyIdOf(ClaimsPrincipal user) => user.FindFirst(KeyClaim)?.Value;

    public static string? AddressOf(ClaimsPrincipal user) => user.FindFirst(AddressClaim)?.Value;
}
