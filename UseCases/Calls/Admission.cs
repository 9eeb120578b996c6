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
    /// <summary>For a call of a question, which runs under the permit of the question.</summary>
    private static readonly IDisposable s_permitOfQuestion = new SharedPermit();

    private readonly RateLimitOptions _options;
    private readonly PartitionedRateLimiter<string> _users;
    private readonly PartitionedRateLimiter<(string User, string Tool)> _tools;
    private readonly PermitPool _permits;
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
        _permits = new PermitPool(_options);
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
            return s_permitOfQuestion;
        }

        return new CountedPermit(_permits.TryAcquire(call.Caller.Identity) ?? await WaitAsync(call.Caller.Identity, cancellationToken), _metrics);
    }

    public void Dispose()
    {
        _users.Dispose();
        _tools.Dispose();
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

    private async Task<PermitPool.Permit> WaitAsync(string user, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.MostWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        if (await _permits.TakeAsync(user, either.Token) is { } permit)
        {
            return permit;
        }

        if (!timeout.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        // On a stalled machine the timeout of the call may have passed too; that no permit was free within the shorter one is the reason.
        throw new RequestException(RequestError.Unavailable, "too many requests are being answered just now; ask again in a moment");
    }

    private sealed class CountedPermit : IDisposable
    {
        private readonly PermitPool.Permit _permit;
        private readonly UseCaseMetrics _metrics;

        public CountedPermit(PermitPool.Permit permit, UseCaseMetrics metrics)
        {
            (_permit, _metrics) = (permit, metrics);
            metrics.CallBegan();
        }

        public void Dispose()
        {
            _metrics.CallEnded();
            _permit.Dispose();
        }
    }

    private sealed class SharedPermit : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
