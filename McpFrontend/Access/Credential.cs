using Microsoft.Extensions.Primitives;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>What a request presents to be known by: an API key, or a token of an identity provider.</summary>
/// <param name="Key">Null: a token, or nothing that is a key.</param>
internal sealed record Credential(string Text, ApiKey? Key)
{
    public const string ApiKeyHeader = "X-Api-Key";

    /// <summary>Tokens of providers that put many groups into them.</summary>
    private const int MostChars = 16 * 1024;

    private const string Scheme = "Bearer ";

    /// <summary>It says of itself that it is an API key.</summary>
    public bool ClaimsToBeKey => Text.StartsWith(ApiKey.Prefix, StringComparison.Ordinal);

    public static bool IsPresent(IHeaderDictionary headers) => headers.Authorization.Count > 0 || headers.ContainsKey(ApiKeyHeader);

    /// <summary>Reads the one credential of a request. Two that disagree are refused, because a proxy might check one and this server the other.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="CredentialException">It cannot be one.</exception>
    public static Credential? Of(IHeaderDictionary headers)
    {
        var bearer = Single(headers.Authorization, "Authorization") is { } authorization ? OfScheme(authorization) : null;
        var key = Single(headers[ApiKeyHeader], ApiKeyHeader);
        if (bearer is not null && key is not null && bearer != key)
        {
            throw new CredentialException("ambiguous", $"Authorization and {ApiKeyHeader} say different things; send only one of them");
        }

        var text = bearer ?? key;
        return text is null ? null
            : text.Length > MostChars ? throw new CredentialException("malformed", $"the credential has {text.Length} characters; at most {MostChars} are read")
            : key is not null && !key.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) ? throw new CredentialException("malformed", $"{ApiKeyHeader} takes an API key ({ApiKey.Prefix}…); send a token as Authorization: Bearer")
            : new Credential(text, ApiKey.Parse(text));
    }

    private static string? Single(StringValues values, string header) => values.Count switch
    {
        0 => null,
        1 => values[0] ?? "",
        _ => throw new CredentialException("ambiguous", $"{header} is sent {values.Count} times; send it once"),
    };

    private static string OfScheme(string authorization) => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        ? authorization[Scheme.Length..].Trim(' ')
        : throw new CredentialException("malformed", "Authorization is not of the scheme Bearer; send Authorization: Bearer and the key or token");
}

/// <summary>Why a request is not authenticated.</summary>
/// <param name="reason">One of a few words, for the metrics.</param>
/// <param name="message">For the one who asked: what to change, and nothing of what was expected that is secret.</param>
internal sealed class CredentialException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
