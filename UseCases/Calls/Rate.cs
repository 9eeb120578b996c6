using System.Threading.RateLimiting;

namespace RiskMonitor.UseCases.Calls;

/// <summary>A configured rate as a token bucket.</summary>
public static class Rate
{
    /// <summary>How often partitioned limiters look whether a bucket is to be filled.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Filled in the smallest steps that the limiter takes: one token at a time, or what a tick brings.</summary>
    public static TokenBucketRateLimiterOptions Bucket(RateOptions rate)
    {
        var step = (int)Math.Max(1, Math.Ceiling(rate.Calls * (s_tick / rate.Per)));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = step,
            ReplenishmentPeriod = rate.Per * ((double)step / rate.Calls),
            QueueLimit = 0,
            // The partitioned limiter's own clock fills all buckets.
            AutoReplenishment = false,
        };
    }

    /// <summary>When a refused call may succeed.</summary>
    public static TimeSpan WaitOf(RateLimitLease refused) =>
        refused.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : s_soon;
}
