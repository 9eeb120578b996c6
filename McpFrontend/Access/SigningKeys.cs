using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// The identity provider's public keys: fetched when first needed, kept, and fetched anew now and then and for a token of an unknown key.
/// While the provider does not answer, the last known keys go on.
/// </summary>
internal sealed partial class SigningKeys(IHttpClientFactory clients, IOptions<AccessOptions> options, FrontendMetrics metrics, TimeProvider time, ILogger<SigningKeys> logger)
{
    public const string ClientName = "identity-provider";

    /// <summary>Invented key ids, or a provider that is down, have it asked no more often than this.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(5);

    private const int Attempts = 2;
    private const int MostDocumentBytes = 512 * 1024;
    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly JwtOptions _options = options.Value.Jwt;
    private readonly Lock _lock = new();
    private volatile Fetched? _fetched;
    private Task<Fetched?> _fetching = Task.FromResult<Fetched?>(null);
    private long? _triedAt;

    /// <exception cref="RequestException">None could be had yet.</exception>
    public ValueTask<IReadOnlyList<SecurityKey>> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_fetched is not { } fetched)
        {
            return new ValueTask<IReadOnlyList<SecurityKey>>(NewerAsync(cancellationToken));
        }

        if (time.GetElapsedTime(fetched.At) >= _options.KeysRefresh)
        {
            // Beside the requests, which go on with the last known.
            _ = FetchOnceAsync();
        }

        return ValueTask.FromResult(fetched.Keys);
    }

    /// <summary>Fetched just now, unless that was tried a moment ago.</summary>
    /// <exception cref="RequestException">None could be had yet.</exception>
    public async Task<IReadOnlyList<SecurityKey>> NewerAsync(CancellationToken cancellationToken) =>
        (await FetchOnceAsync().WaitAsync(cancellationToken) ?? _fetched)?.Keys
        ?? throw new RequestException(
            RequestError.Unavailable, "the identity provider's keys cannot be had just now, so tokens cannot be checked; ask again, or use an API key", retryAfter: LeastInterval);

    private Task<Fetched?> FetchOnceAsync()
    {
        lock (_lock)
        {
            if (_fetching.IsCompleted && (_triedAt is not { } tried || time.GetElapsedTime(tried) >= LeastInterval))
            {
                _triedAt = time.GetTimestamp();
                _fetching = FetchAsync();
            }

            return _fetching;
        }
    }

    /// <returns>Null when the provider does not answer.</returns>
    private async Task<Fetched?> FetchAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            using var timeout = new CancellationTokenSource(_options.Timeout, time);
            try
            {
                // The library that fetches does not heed the token while it repeats by itself.
                var keys = await KeysAsync(timeout.Token).WaitAsync(timeout.Token);
                metrics.SigningKeysFetched("ok");
                LogFetched(keys.Count);
                return _fetched = new Fetched(keys, time.GetTimestamp());
            }
            catch (Exception exception)
            {
                // Whatever it sent instead of keys: no request may fall over it.
                metrics.SigningKeysFetched(timeout.IsCancellationRequested ? "timeout" : "failed");
                if (attempt == Attempts)
                {
                    LogNotFetched(exception.GetBaseException().Message);
                    return null;
                }
            }

            await Task.Delay(s_betweenAttempts, time);
        }
    }

    private async Task<IReadOnlyList<SecurityKey>> KeysAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        client.Timeout = _options.Timeout;
        client.MaxResponseContentBufferSize = MostDocumentBytes;
        var documents = new HttpDocumentRetriever(client) { RequireHttps = false };
        if (_options.JwksUri.Length > 0)
        {
            return Usable(JsonWebKeySet.Create(await documents.GetDocumentAsync(_options.JwksUri, cancellationToken)).GetSigningKeys());
        }

        var address = $"{_options.Authority.TrimEnd('/')}/.well-known/openid-configuration";
        var provider = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, cancellationToken);
        return provider.Issuer == _options.ExpectedIssuer
            ? Usable(provider.SigningKeys)
            : throw new InvalidDataException($"{address} speaks for the issuer '{provider.Issuer}' and not for '{_options.ExpectedIssuer}'");
    }

    private static List<SecurityKey> Usable(IEnumerable<SecurityKey> keys)
    {
        var usable = keys.Where(key => key is not SymmetricSecurityKey).ToList();
        return usable.Count > 0 ? usable : throw new InvalidDataException("the key set has no public key");
    }

    private sealed record Fetched(IReadOnlyList<SecurityKey> Keys, long At);
}
