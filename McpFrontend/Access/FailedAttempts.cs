using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Slows down those who are not known, by network address. A right key is let in whatever others at its address do: only what could not
/// come in anyway, and guesses at one key, are held up.
/// </summary>
internal sealed class FailedAttempts(IOptions<RateLimitOptions> options, FrontendMetrics metrics) : IDisposable
{
    /// <summary>Addresses share this many buckets, so that invented addresses fill no memory. A client that shares a bucket with an attacker gets 429 instead of 401.</summary>
    private const int Buckets = 16_384;

    private readonly PartitionedRateLimiter<int> _addresses = BucketsOf(options.Value.Unauthenticated);
    private readonly PartitionedRateLimiter<int> _guesses = BucketsOf(options.Value.Unauthenticated);

    /// <summary>Counts a request that did not come in.</summary>
    /// <exception cref="RequestException">There were too many.</exception>
    public void Count(IPAddress? address)
    {
        using var lease = _addresses.AttemptAcquire(Bucket(NetworkName.Of(address)));
        Demand(lease);
    }

    /// <exception cref="RequestException">There were too many wrong guesses at this key from this address.</exception>
    public void DemandGuess(IPAddress? address, string keyId)
    {
        var bucket = Bucket(NetworkName.Of(address), keyId);
        if (_guesses.GetStatistics(bucket) is { CurrentAvailablePermits: 0 })
        {
            using var lease = _guesses.AttemptAcquire(bucket);
            Demand(lease);
        }
    }

    public void CountGuess(IPAddress? address, string keyId) => _guesses.AttemptAcquire(Bucket(NetworkName.Of(address), keyId)).Dispose();

    public void Dispose()
    {
        _addresses.Dispose();
        _guesses.Dispose();
    }

    private void Demand(RateLimitLease lease)
    {
        if (!lease.IsAcquired)
        {
            metrics.AuthenticationFailed("too_many");
            throw new RequestException(RequestError.RateLimited, "too many requests without valid credentials came from this address; wait, and put the credentials right", retryAfter: Rate.WaitOf(lease));
        }
    }

    private static PartitionedRateLimiter<int> BucketsOf(RateOptions rate) =>
        PartitionedRateLimiter.Create<int, int>(bucket => RateLimitPartition.GetTokenBucketLimiter(bucket, _ => Rate.Bucket(rate)));

    /// <summary>String hashes differ between processes, so an attacker cannot choose whose bucket to share.</summary>
    private static int Bucket(params ReadOnlySpan<string> parts)
    {
        var hash = new HashCode();
        foreach (var part in parts)
        {
            hash.Add(part, StringComparer.Ordinal);
        }

        return (int)((uint)hash.ToHashCode() % Buckets);
    }
}
