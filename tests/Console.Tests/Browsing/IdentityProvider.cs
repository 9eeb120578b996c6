using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>An OpenID Connect provider on a port of its own, whose user is signed in there already: authorisation codes, PKCE, signed ID tokens.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "risk-console";
    public const string ClientSecret = "a secret of the client";

    private readonly WebApplication _app;
    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "key-1" };
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri)> _codes = new();
    private int _visits;

    private IdentityProvider(WebApplication app)
    {
        _app = app;
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Issuer,
            authorization_endpoint = $"{Issuer}/authorize",
            token_endpoint = $"{Issuer}/token",
            jwks_uri = $"{Issuer}/keys",
            response_types_supported = new[] { "code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "ES256" },
        }));
        app.MapGet("/keys", () => Results.Text(KeySet(), "application/json"));
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", TokenAsync);
    }

    public string Issuer => _app.Urls.Single();

    /// <summary>How often a browser was sent here.</summary>
    public int Visits => Volatile.Read(ref _visits);

    /// <summary>The user does not agree, or is not signed in here any more.</summary>
    public bool Denies { get; set; }

    /// <summary>How long the token of a visit holds, by its number.</summary>
    public Func<int, TimeSpan> Lifetime { get; set; } = _ => TimeSpan.FromMinutes(30);

    /// <summary>What the ID token says of the user; changes put other values in place, or take them away (null).</summary>
    public Dictionary<string, object?> Claims { get; } = new()
    {
        ["sub"] = "jo@bank.example",
        ["risk_role"] = "viewer",
        ["risk_desks"] = new[] { ConsoleWorld.Calm },
        ["risk_clearance"] = "desk",
    };

    public Dictionary<string, string> Settings => new()
    {
        ["RiskMonitor__Access__OpenId__Authority"] = Issuer,
        ["RiskMonitor__Access__OpenId__ClientId"] = ClientId,
        ["RiskMonitor__Access__OpenId__ClientSecret"] = ClientSecret,
        ["RiskMonitor__Access__OpenId__Name"] = "Bank ID",
    };

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new IdentityProvider(builder.Build());
        await provider._app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        Interlocked.Increment(ref _visits);
        var (query, back) = (request.Query, request.Query["redirect_uri"].ToString());
        if (Denies)
        {
            return Results.Redirect(QueryHelpers.AddQueryString(back, new Dictionary<string, string?> { ["error"] = "access_denied", ["state"] = query["state"] }));
        }

        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || !query["scope"].ToString().Split(' ').Contains("openid"))
        {
            return Results.BadRequest();
        }

        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["code_challenge"]!, query["nonce"]!, back);
        return Results.Redirect(QueryHelpers.AddQueryString(back, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
    }

    /// <summary>A code is good once, for the client that has the verifier of its challenge.</summary>
    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var isRight = form["grant_type"] == "authorization_code" && form["client_id"] == ClientId && form["client_secret"] == ClientSecret
            && _codes.TryRemove(form["code"]!, out var asked)
            && asked.RedirectUri == form["redirect_uri"]
            && asked.Challenge == WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!)))
            ? asked.Nonce
            : null;
        return isRight is { } nonce
            ? Results.Json(new { token_type = "Bearer", access_token = "unused", expires_in = 300, id_token = IdToken(nonce) })
            : Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
    }

    private string IdToken(string nonce)
    {
        var now = DateTimeOffset.UtcNow;
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = ClientId,
            ["nonce"] = nonce,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime(Visits)).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in Claims.Where(claim => claim.Value is not null))
        {
            claims[name] = value!;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            JsonSerializer.Serialize(claims), new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256));
    }

    private string KeySet()
    {
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(_key.ECDsa.ExportParameters(false))) { KeyId = _key.KeyId });
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = key.Kty, kid = key.Kid, use = "sig", crv = key.Crv, x = key.X, y = key.Y } } });
    }
}
