using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Calls;

/// <summary>
/// Lets calls through as fast as their user may ask, and only so many at a time: what is too much is refused at once and says when to come
/// again, instead of filling the memory and slowing everybody. Buckets of users who are quiet go by themselves.
/// </summary>
public sealed class Admission : IDisposable
{
    private static readonly IDisposable s_within = new PlaceOfAnother();

    private readonly RateLimitOptions _options;
    private readonly PartitionedRateLimiter<string> _users;
    private readonly PartitionedRateLimiter<(string User, string Tool)> _tools;
    private readonly PartitionedRateLimiter<string> _shares;
    private readonly ConcurrencyLimiter _permits;
    private readonly UseCaseMetrics _metrics;
    private readonly TimeProvider _time;

    public Admission(IOptions<RateLimitOptions> options, UseCaseMetrics metrics, TimeProvider time)
    {
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _users = PartitionedRateLimiter.Create<string, string>(
            user => RateLimitPartition.GetTokenBucketLimiter(user, _ => Rate.Bucket(_options.PerUser)), StringComparer.Ordinal);
        _tools = PartitionedRateLimiter.Create<(string User, string Tool), (string User, string Tool)>(
            pair => RateLimitPartition.GetTokenBucketLimiter(pair, _ => Rate.Bucket(_options.Of(pair.Tool))));
        _shares = PartitionedRateLimiter.Create<string, string>(
            user => RateLimitPartition.GetConcurrencyLimiter(user, _ => ShareOf(_options)), StringComparer.Ordinal);
        _permits = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = _options.MostInFlight,
            QueueLimit = _options.MostWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <returns>The call's permit, held until it is disposed.</returns>
    /// <exception cref="RequestException">The user asks too often, or too many ask at a time.</exception>
    public async ValueTask<IDisposable> EnterAsync(Call call, CancellationToken cancellationToken)
    {
        Spend(_users.AttemptAcquire(call.Caller.Identity), call, _options.PerUser, "");
        Spend(_tools.AttemptAcquire((call.Caller.Identity, call.Tool)), call, _options.Of(call.Tool), $" {call.Tool}");
        if (call.Channel == Channel.Question)
        {
            // The question holds a permit already; questions that hold all of them would wait for themselves.
            return s_within;
        }

        // The user's share first: who has used it up waits there, and takes no turn from others.
        var share = _shares.AttemptAcquire(call.Caller.User);
        return share.IsAcquired && _permits.AttemptAcquire() is { IsAcquired: true } permit
            ? new Permit(share, permit, _metrics)
            : await WaitAsync(share, call.Caller.User, cancellationToken);
    }

    public void Dispose()
    {
        _users.Dispose();
        _tools.Dispose();
        _shares.Dispose();
        _permits.Dispose();
    }

    private void Spend(RateLimitLease lease, Call call, RateOptions rate, string what)
    {
        using (lease)
        {
            if (lease.IsAcquired)
            {
                return;
            }

            _metrics.RateLimited(call.Tool);
            throw new RequestException(
                RequestError.RateLimited,
                string.Create(CultureInfo.InvariantCulture, $"'{call.Caller.User}' asks{what} more often than {rate.Calls} times in {rate.Per} (at most {rate.Burst} at once); wait as long as told and ask again"),
                retryAfter: Rate.WaitOf(lease));
        }
    }

    private static ConcurrencyLimiterOptions ShareOf(RateLimitOptions options) => new()
    {
        PermitLimit = Math.Min(options.MostInFlightPerUser, options.MostInFlight),
        QueueLimit = Math.Min(options.MostInFlightPerUser, options.MostWaiting),
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    private async Task<IDisposable> WaitAsync(RateLimitLease share, string user, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.MostWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (!share.IsAcquired)
            {
                share.Dispose();
                share = await _shares.AcquireAsync(user, 1, either.Token);
            }

            if (share.IsAcquired && await _permits.AcquireAsync(1, either.Token) is { IsAcquired: true } permit)
            {
                return new Permit(share, permit, _metrics);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // No permit was free within the wait. On a stalled machine the timeout of the call may have passed too; the shorter wait is the reason.
        }
        catch
        {
            share.Dispose();
            throw;
        }

        share.Dispose();
        throw new RequestException(RequestError.Unavailable, "too many requests are being answered just now; ask again in a moment");
    }

    private sealed class Permit : IDisposable
    {
        private readonly RateLimitLease _share;
        private readonly RateLimitLease _lease;
        private readonly UseCaseMetrics _metrics;

        public Permit(RateLimitLease share, RateLimitLease lease, UseCaseMetrics metrics)
        {
            (_share, _lease, _metrics) = (share, lease, metrics);
            metrics.CallBegan();
        }

        public void Dispose()
        {
            _metrics.CallEnded();
            _lease.Dispose();
            _share.Dispose();
        }
    }

    private sealed class PlaceOfAnother : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
