using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>A timer whose ticks are requests of its activation; the next one is set when a tick has ended.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly GrainMethod s_tick = new("Orleans.Runtime.IGrainTimer.Tick", alwaysInterleave: false);
    private static readonly GrainMethod s_interleavingTick = new("Orleans.Runtime.IGrainTimer.Tick", alwaysInterleave: true);

    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _changed;
    private bool _ticking;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (Activation.Current != activation)
        {
            throw new InvalidOperationException("A grain timer is registered in a turn of its grain, not in Task.Run or after ConfigureAwait(false).");
        }

        _activation = activation;
        _callback = callback;
        _options = options;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.GrainClock.CreateTimer(static timer => ((GrainTimer)timer!).QueueTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        activation.Add(this);
        Change(options.DueTime, options.Period);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        CheckRange(dueTime, nameof(dueTime));
        CheckRange(period, nameof(period));
        _changed = true;
        _dueTime = dueTime;
        _period = period;
        if (!_ticking)
        {
            Set(dueTime);
        }
    }

    public void Dispose()
    {
        try
        {
            _stopped.Cancel();
        }
        catch (AggregateException exception)
        {
            _activation.Silo.Log.TimerFailed(exception, _activation.GrainId);
        }

        _timer.Dispose();
        _activation.Remove(this);
    }

    /// <summary>The silo died: no tick any more, and nobody is told.</summary>
    internal void Abandon() => _timer.Dispose();

    private static void CheckRange(TimeSpan time, string name)
    {
        // The range of System.Threading.Timer.
        const uint longest = 0xfffffffe;
        var milliseconds = (long)time.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, longest, name);
    }

    private void QueueTick()
    {
        _ticking = true;
        var tick = new Tick(this);
        tick.PrepareTick(_activation, _activation.Silo.Client);
        _activation.TryReceive(tick);
    }

    private void Set(TimeSpan time)
    {
        try
        {
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Disposed while it ticked.
        }
    }

    private void OnTickEnded()
    {
        if (!_stopped.IsCancellationRequested)
        {
            Set(_changed ? _dueTime : _period);
        }

        _ticking = false;
    }

    private sealed class Tick(GrainTimer timer) : GrainRequest(timer._options.Interleave ? s_interleavingTick : s_tick)
    {
        internal override bool IsLocal => true;

        internal override bool CountsAsUse => timer._options.KeepAlive;

        internal override bool IsAnswered => false;

        protected override void Run(Activation activation)
        {
            if (timer._stopped.IsCancellationRequested)
            {
                Succeeded(activation);
                return;
            }

            _ = RunAsync(activation);
        }

        protected override void SetException(Exception exception)
        {
        }

        private async Task RunAsync(Activation activation)
        {
            try
            {
                timer._changed = false;
                await timer._callback(timer._stopped.Token);
            }
            catch (Exception exception)
            {
                timer.OnTickEnded();
                activation.Silo.Log.TimerFailed(exception, activation.GrainId);
                Failed(activation, exception);
                return;
            }

            timer.OnTickEnded();
            Succeeded(activation);
        }
    }
}
