using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>An identity provider on a port of its own: real keys, a real key set, tokens as its users get them.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "risk-monitor";

    private readonly WebApplication _app;
    private readonly Dictionary<string, SecurityKey> _keys = [];
    private string _newest = "";
    private int _fetches;

    private IdentityProvider(WebApplication app)
    {
        _app = app;
        app.MapGet("/keys", async context =>
        {
            Interlocked.Increment(ref _fetches);
            await BeforeKeys(context.RequestAborted);
            await context.Response.WriteAsync(KeySet());
        });
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Issuer, jwks_uri = $"{Issuer}/keys" }));
    }

    public string Issuer => _app.Urls.Single();

    public int Fetches => _fetches;

    /// <summary>Called before the keys are answered; may throw or wait.</summary>
    public Func<CancellationToken, Task> BeforeKeys { get; set; } = _ => Task.CompletedTask;

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new IdentityProvider(builder.Build());
        await provider._app.StartAsync();
        provider.Rotate();
        return provider;
    }

    /// <summary>Signs with a new key from now on, and forgets the old one.</summary>
    public void Rotate(bool rsa = false)
    {
        _newest = $"key-{Guid.NewGuid():N}";
        _keys.Clear();
        _keys[_newest] = rsa
            ? new RsaSecurityKey(RSA.Create(2048)) { KeyId = _newest }
            : new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = _newest };
    }

    public RsaSecurityKey RsaKey => (RsaSecurityKey)_keys[_newest];

    /// <summary>The claims of a user who may see one desk; changes put others in their place, or take them away (null).</summary>
    public Dictionary<string, object> Claims(params (string Name, object? Value)[] changes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "jo@bank.example",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["risk_role"] = "viewer",
            ["risk_desks"] = new[] { "Rates" },
            ["risk_clearance"] = "trader",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                claims.Remove(name);
            }
            else
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    public string Token(params (string Name, object? Value)[] changes) => Signed(Claims(changes), new SigningCredentials(
        _keys[_newest], _keys[_newest] is RsaSecurityKey ? SecurityAlgorithms.RsaSha256 : SecurityAlgorithms.EcdsaSha256));

    public static string Signed(Dictionary<string, object> claims, SigningCredentials credentials) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(claims), credentials);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string KeySet() => JsonSerializer.Serialize(new
    {
        keys = _keys.Values.Select(key => key switch
        {
            RsaSecurityKey rsa => JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(false)) { KeyId = rsa.KeyId }),
            _ => JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(((ECDsaSecurityKey)key).ECDsa.ExportParameters(false))) { KeyId = key.KeyId }),
        }).Select(key => new { kty = key.Kty, kid = key.Kid, use = "sig", n = key.N, e = key.E, crv = key.Crv, x = key.X, y = key.Y }),
    });
}
