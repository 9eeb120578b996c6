namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Permits of one endpoint: so many messages at a time, and so many begun in a minute.</summary>
internal sealed class EndpointPermits
{
    private readonly TimeProvider _time;
    private readonly TimeSpan? _interval;
    private readonly int _burst;

    /// <summary>Never disposed: attempts under way at the end of the process give their permits back after everything else.</summary>
    private readonly SemaphoreSlim _slots;
    private readonly Lock _rate = new();

    /// <summary>When the rate would allow the next message if no burst were allowed.</summary>
    private DateTimeOffset _nextAt;

    public EndpointPermits(int maxConcurrency, int? maxPerMinute, TimeProvider time)
    {
        _time = time;
        _slots = new SemaphoreSlim(maxConcurrency);
        _burst = Math.Min(maxConcurrency, maxPerMinute ?? maxConcurrency);
        _interval = maxPerMinute is { } most ? TimeSpan.FromMinutes(1) / most : null;
    }

    public bool TryAcquire()
    {
        if (!_slots.Wait(0))
        {
            return false;
        }

        if (Reserve(mayWait: false) is not null)
        {
            return true;
        }

        _slots.Release();
        return false;
    }

    public async ValueTask AcquireAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        if (Reserve(mayWait: true) is { } wait && wait > TimeSpan.Zero)
        {
            try
            {
                await Task.Delay(wait, _time, cancellationToken);
            }
            catch
            {
                _slots.Release();
                throw;
            }
        }
    }

    public void Release() => _slots.Release();

    /// <returns>How long to wait before the message may begin; null: longer than now, and nothing is reserved.</returns>
    private TimeSpan? Reserve(bool mayWait)
    {
        if (_interval is not { } interval)
        {
            return TimeSpan.Zero;
        }

        lock (_rate)
        {
            var now = _time.GetUtcNow();
            // A clock that was set back must not stop the endpoint for as long.
            var next = _nextAt < now || _nextAt - now > TimeSpan.FromMinutes(1) * (_burst + 1) ? now : _nextAt;
            var wait = next - now - (interval * (_burst - 1));
            if (wait > TimeSpan.Zero && !mayWait)
            {
                return null;
            }

            _nextAt = next + interval;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
