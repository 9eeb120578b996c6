namespace RiskMonitor.Alerting.Endpoints;

/// <summary>
/// Leaves an endpoint alone that failed several times in a row, then lets one message at a time try it. Messages wait for it before their attempt begins,
/// so that the wait costs no step of their ladders.
/// </summary>
internal sealed class CircuitBreaker(int breakAfter, TimeSpan breakFor, TimeProvider time)
{
    /// <summary>While another message tries the endpoint, the others look again after this.</summary>
    private static readonly TimeSpan s_probeWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _failures;
    private bool _probing;
    private DateTimeOffset? _openUntil;

    /// <summary>The endpoint is being left alone, or tried.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _openUntil is not null;
            }
        }
    }

    /// <summary>How long a message has to wait at least before it may begin; null where it need not.</summary>
    public TimeSpan? Wait
    {
        get
        {
            lock (_lock)
            {
                return WaitNow();
            }
        }
    }

    /// <summary>Whether a message may begin its attempt.</summary>
    /// <param name="isProbe">It is the one that tries the endpoint: call <see cref="EndProbe"/> if it comes to no result.</param>
    /// <returns>Null where it may; else how long to wait before asking again.</returns>
    public TimeSpan? Enter(out bool isProbe)
    {
        lock (_lock)
        {
            var wait = WaitNow();
            isProbe = wait is null && _openUntil is not null;
            _probing |= isProbe;
            return wait;
        }
    }

    /// <summary>The message that was to try the endpoint was not sent.</summary>
    public void EndProbe()
    {
        lock (_lock)
        {
            _probing = false;
        }
    }

    /// <summary>An attempt has ended.</summary>
    /// <returns>True where this opened the breaker.</returns>
    public bool Count(bool succeeded)
    {
        lock (_lock)
        {
            if (succeeded)
            {
                (_failures, _openUntil, _probing) = (0, null, false);
                return false;
            }

            _failures++;
            var wasOpen = _openUntil is not null;
            // Attempts that were under way when it opened do not prolong it.
            if (_probing || (!wasOpen && _failures >= breakAfter))
            {
                _openUntil = time.GetUtcNow() + breakFor;
                _probing = false;
            }

            return !wasOpen && _openUntil is not null;
        }
    }

    private TimeSpan? WaitNow()
    {
        if (_openUntil is not { } until)
        {
            return null;
        }

        var wait = until - time.GetUtcNow();
        // A clock that was set back must not keep the endpoint alone for as long.
        return wait > TimeSpan.Zero && wait <= breakFor ? wait : _probing ? s_probeWait : null;
    }
}
