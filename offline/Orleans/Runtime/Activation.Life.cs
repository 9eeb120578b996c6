using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <content>How an activation begins and ends.</content>
internal sealed partial class Activation
{
    private long _lastUse;
    private DateTimeOffset _keepUntil;

    /// <summary>Begins the activation as its first turn.</summary>
    internal void Begin() => Scheduler.Run(() => _ = ActivateAsync());

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool wake;
        var wasStarting = false;
        lock (Gate)
        {
            if (_phase is Phase.Deactivating or Phase.Gone)
            {
                return;
            }

            wasStarting = _phase is Phase.Created or Phase.Activating;
            _reason = deactivationReason;
            _deactivationToken = cancellationToken;
            _phase = Phase.Deactivating;

            // While it starts, the activation finds out by itself when OnActivateAsync has ended.
            wake = !wasStarting && QueueFinish();
        }

        if (wasStarting)
        {
            _activating.Cancel();
        }

        if (wake)
        {
            Scheduler.Wake();
        }
    }

    internal void DelayDeactivation(TimeSpan time)
    {
        lock (Gate)
        {
            _keepUntil = time == Timeout.InfiniteTimeSpan || time == TimeSpan.MaxValue
                ? DateTimeOffset.MaxValue
                : time <= TimeSpan.Zero ? DateTimeOffset.MinValue : Silo.GrainClock.GetUtcNow() + time;
        }
    }

    /// <summary>Deactivates the activation if it has been idle for longer than its class allows.</summary>
    internal void CollectIfIdle(Configuration.GrainCollectionOptions options)
    {
        lock (Gate)
        {
            if (_phase != Phase.Valid || IsBusy || _keepUntil > Silo.GrainClock.GetUtcNow()
                || Class.CollectionAge(options) is not { } age || Silo.ActivationClock.GetElapsedTime(_lastUse) < age)
            {
                return;
            }
        }

        Deactivate(new(DeactivationReasonCode.ActivationIdle, "The grain was idle for its collection age."));
    }

    /// <summary>The silo died: no turn runs any more, callers learn that it is gone, nothing is said goodbye to.</summary>
    internal void Kill()
    {
        Scheduler.Die();
        GrainRequest[] requests;
        GrainTimer[] timers;
        lock (Gate)
        {
            _phase = Phase.Gone;
            requests = [.. _running.TakeAll(), .. _waiting.TakeAll()];
            timers = [.. _timers];
            _timers.Clear();
        }

        Silo.Cluster.Remove(this);
        foreach (var timer in timers)
        {
            timer.Abandon();
        }

        foreach (var request in requests.Where(r => !r.IsLocal))
        {
            request.Answer(new SiloUnavailableException($"The target silo {Silo.Address} became unavailable for message: {request}."));
        }

        _gone.TrySetResult();
    }

    /// <summary>The activation never begins; who waits for it goes to another one.</summary>
    internal void Abandon()
    {
        GrainRequest[] waiting;
        lock (Gate)
        {
            _phase = Phase.Gone;
            waiting = _waiting.TakeAll();
        }

        Silo.Cluster.Remove(this);
        _gone.TrySetResult();
        foreach (var request in waiting)
        {
            Silo.Cluster.Deliver(request, likely: null);
        }
    }

    internal void Add(GrainTimer timer)
    {
        lock (Gate)
        {
            _timers.Add(timer);
        }
    }

    internal void Remove(GrainTimer timer)
    {
        lock (Gate)
        {
            _timers.Remove(timer);
        }
    }

    private async Task ActivateAsync()
    {
        _activating.CancelAfter(Silo.Collection.ActivationTimeout);
        try
        {
            lock (Gate)
            {
                if (_phase == Phase.Created)
                {
                    _phase = Phase.Activating;
                }
            }

            _scope = Silo.Services.CreateScope();
            _scope.ServiceProvider.GetRequiredService<ScopedGrainContext>().Context = this;
            _instance = Class.Construct(this);
            await _lifecycle.StartAsync(_activating.Token);
            if (_instance is IGrainBase grain)
            {
                await grain.OnActivateAsync(_activating.Token).WaitAsync(_activating.Token);
            }
        }
        catch (Exception exception)
        {
            lock (Gate)
            {
                // Asked to go while it started, it did nothing wrong: those who wait go to the next activation.
                if (_phase != Phase.Deactivating)
                {
                    _phase = Phase.Deactivating;
                    _failure = exception;
                    _reason = new(DeactivationReasonCode.ActivationFailed, exception, "Failed to activate grain.");
                }
            }

            if (_failure is not null)
            {
                Silo.Log.ActivationFailed(exception, GrainId);
            }
        }

        bool wake;
        lock (Gate)
        {
            if (_phase == Phase.Activating)
            {
                _phase = Phase.Valid;
                _lastUse = Silo.ActivationClock.GetTimestamp();
                wake = _waiting.Count > 0 && QueuePump();
            }
            else
            {
                wake = Scheduler.AddLocked((Action)(() => _ = FinishAsync(wasValid: false)));
            }
        }

        if (wake)
        {
            Scheduler.Wake();
        }
    }

    // Called with the gate held; the end begins when nothing runs.
    private bool QueueFinish()
    {
        if (_finishing || _running.Count > 0)
        {
            return false;
        }

        _finishing = true;
        return Scheduler.AddLocked((Action)(() => _ = FinishAsync(wasValid: true)));
    }

    private async Task FinishAsync(bool wasValid)
    {
        StopTimers();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_deactivationToken);
        timeout.CancelAfter(Silo.Collection.DeactivationTimeout);
        try
        {
            if (wasValid && _instance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(_reason, timeout.Token).WaitAsync(timeout.Token);
            }
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }

        await _lifecycle.StopAsync(exception => Silo.Log.DeactivationFailed(exception, GrainId), timeout.Token);
        Silo.Cluster.Remove(this);
        await DisposeInstanceAsync();
        GrainRequest[] waiting;
        lock (Gate)
        {
            _phase = Phase.Gone;
            waiting = _waiting.TakeAll();
        }

        _gone.TrySetResult();
        foreach (var request in waiting.Where(r => !r.IsLocal))
        {
            if (_failure is not null)
            {
                request.Answer(_failure);
            }
            else
            {
                Silo.Cluster.Forward(request);
            }
        }
    }

    private async Task DisposeInstanceAsync()
    {
        try
        {
            switch (_instance)
            {
                case IAsyncDisposable asyncDisposable:
                    await asyncDisposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }

            if (_scope is IAsyncDisposable scope)
            {
                await scope.DisposeAsync();
            }
            else
            {
                _scope?.Dispose();
            }
        }
        catch (Exception exception)
        {
            Silo.Log.DeactivationFailed(exception, GrainId);
        }
    }

    private void StopTimers()
    {
        GrainTimer[] timers;
        lock (Gate)
        {
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }
}
