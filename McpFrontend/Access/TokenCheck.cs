using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Checks tokens of the identity provider: signature, issuer, audience, time; and reads from their claims who it is.</summary>
internal sealed class TokenCheck(IOptions<AccessOptions> options, SigningKeys signingKeys, TimeProvider time)
{
    private const int MostNameChars = 200;

    /// <summary>Never both kinds: else a public key could be taken for a shared one.</summary>
    public static readonly string[] Asymmetric =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly string[] s_symmetric = ["HS256", "HS384", "HS512"];

    /// <summary>Of two claims with the same name, one reader takes the first and another the last: they would see different users.</summary>
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly JwtOptions _options = options.Value.Jwt;
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly SymmetricSecurityKey? _sharedKey = options.Value.Jwt.IsSymmetric ? new(JwtOptionsCheck.KeyBytes(options.Value.Jwt.Key)!) : null;

    public bool IsConfigured => _options.IsConfigured;

    /// <exception cref="CredentialException">The token does not let in.</exception>
    /// <exception cref="RequestException">The provider's keys cannot be had.</exception>
    public async ValueTask<Caller> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (!IsConfigured)
        {
            throw new CredentialException("malformed", $"only API keys ({ApiKey.Prefix}…) are taken here: no identity provider is configured");
        }

        try
        {
            return await CheckSignedAsync(text, cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or JsonException or OverflowException)
        {
            // The parts of a token are written by its sender: a number that no clock has, half a character, a name given twice.
            throw Unreadable();
        }
    }

    private async ValueTask<Caller> CheckSignedAsync(string text, CancellationToken cancellationToken)
    {
        if (Read(text) is not { } token)
        {
            throw new CredentialException("malformed", $"the credential is neither an API key ({ApiKey.Prefix}…) nor a signed JSON Web Token");
        }

        DemandNoExtension(token);

        var result = await ValidateAsync(token, await KeysAsync(newer: false, cancellationToken));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && _sharedKey is null)
        {
            // The provider may have a new key.
            result = await ValidateAsync(token, await KeysAsync(newer: true, cancellationToken));
        }

        if (!result.IsValid)
        {
            throw Refusal(result.Exception);
        }

        CheckTime(token);
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload), s_strict);
        return CallerOf(claims.RootElement) with { Issuer = _options.ExpectedIssuer, Until = new DateTimeOffset(token.ValidTo, TimeSpan.Zero) };
    }

    /// <summary>The user of an ID token whose signature, issuer, audience and times were checked when it came.</summary>
    /// <param name="claims">Its payload.</param>
    /// <exception cref="CredentialException">The claims name no user.</exception>
    public Caller CallerOfClaims(string claims, string issuer)
    {
        try
        {
            using var document = JsonDocument.Parse(claims, s_strict);
            return document.RootElement.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds)
                ? CallerOf(document.RootElement) with { Issuer = issuer, Until = DateTimeOffset.FromUnixTimeSeconds(seconds) }
                : throw Missing("exp", "is no number");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Unreadable();
        }
    }

    private JsonWebToken? Read(string text)
    {
        try
        {
            return _handler.ReadJsonWebToken(text) is { EncodedSignature.Length: > 0 } token ? token : null;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    /// <summary>RFC 7515, 4.1.11: a token that names an extension as critical is invalid to those who do not know it, and none is known here.</summary>
    private static void DemandNoExtension(JsonWebToken token)
    {
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedHeader), s_strict);
        if (header.RootElement.TryGetProperty("crit", out _))
        {
            throw new CredentialException("malformed", "the token's header has crit, and no critical extension is known here; have the identity provider issue tokens without it");
        }
    }

    private async ValueTask<IReadOnlyList<SecurityKey>> KeysAsync(bool newer, CancellationToken cancellationToken) =>
        _sharedKey is not null ? [_sharedKey]
        : newer ? await signingKeys.NewerAsync(cancellationToken)
        : await signingKeys.CurrentAsync(cancellationToken);

    private Task<TokenValidationResult> ValidateAsync(JsonWebToken token, IReadOnlyList<SecurityKey> keys) => _handler.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = _options.ExpectedIssuer,
        ValidAudience = _options.Audience,
        ValidAlgorithms = _sharedKey is null ? Asymmetric : s_symmetric,
        IssuerSigningKeys = keys,
        // A token that names its key is checked by that one only; one that does not, by each.
        TryAllIssuerSigningKeys = _sharedKey is not null || string.IsNullOrEmpty(token.Kid),
        // Checked below, by this program's clock.
        ValidateLifetime = false,
    });

    private static CredentialException Refusal(Exception why) => why switch
    {
        SecurityTokenInvalidIssuerException => new("wrong_issuer", "the token is of another issuer than this server trusts"),
        SecurityTokenInvalidAudienceException => new("wrong_audience", "the token is for another service (aud); ask the identity provider for one for this server"),
        SecurityTokenInvalidAlgorithmException => new("wrong_algorithm", "the token is signed in a way that is not taken here"),
        SecurityTokenSignatureKeyNotFoundException => new("unknown_key", "the token's key is not one of the identity provider's"),
        SecurityTokenInvalidSignatureException => new("wrong_signature", "the token's signature does not fit"),
        _ => Unreadable(),
    };

    private static CredentialException Unreadable() => new("malformed", "the token cannot be read; get a new one from the identity provider");

    private void CheckTime(JsonWebToken token)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (token.ValidTo == DateTime.MinValue)
        {
            throw new CredentialException("missing_claim", "the token has no exp; tokens that never expire are not taken");
        }

        // The skew is taken from the clock: no claim is so large or so small that this overflows.
        if (now - _options.ClockSkew >= token.ValidTo)
        {
            throw new CredentialException("expired", "the token has expired; get a new one from the identity provider");
        }

        if (now + _options.ClockSkew < token.ValidFrom)
        {
            throw new CredentialException("not_yet_valid", "the token is not valid yet (nbf); wait, or put the clocks right");
        }
    }

    private Caller CallerOf(JsonElement claims)
    {
        var name = Text(claims, _options.UserClaim);
        if (name is null)
        {
            throw Missing(_options.UserClaim, "names no user");
        }

        if (UserName.Problem(name, MostNameChars) is { } problem)
        {
            throw Missing(_options.UserClaim, $"names no user: {problem}");
        }

        return Caller.Of(new RiskUser(
            name,
            AccessNames.ParseRole(Text(claims, _options.RoleClaim) ?? "")
                ?? throw Missing(_options.RoleClaim, $"is none of {string.Join(", ", AccessNames.RoleNames)}"),
            Desks(claims),
            AccessNames.ParseClearance(Text(claims, _options.ClearanceClaim) ?? "")
                ?? throw Missing(_options.ClearanceClaim, $"is none of {string.Join(", ", AccessNames.ClearanceNames)}")));
    }

    private string[]? Desks(JsonElement claims)
    {
        if (claims.TryGetProperty(_options.DesksClaim, out var desks))
        {
            if (desks.ValueKind == JsonValueKind.String && desks.GetString() == RiskUser.AllDesks)
            {
                return null;
            }

            if (desks.ValueKind == JsonValueKind.Array && desks.GetArrayLength() > 0 && desks.EnumerateArray().All(desk => desk.ValueKind == JsonValueKind.String))
            {
                string[] names = [.. desks.EnumerateArray().Select(desk => desk.GetString()!)];
                // As in the configuration: alone it means all, and beside names it is a mistake.
                return names is [RiskUser.AllDesks] ? null
                    : names.Contains(RiskUser.AllDesks, StringComparer.Ordinal) ? throw Missing(_options.DesksClaim, $"has \"{RiskUser.AllDesks}\" beside desk names")
                    : names;
            }
        }

        throw Missing(_options.DesksClaim, $"is neither an array of desk names nor \"{RiskUser.AllDesks}\"");
    }

    private static string? Text(JsonElement claims, string claim) =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static CredentialException Missing(string claim, string what) =>
        new("missing_claim", $"the token's claim {claim} is missing or {what}; have the identity provider put it into the tokens for this server");
}
