using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>One activation of a grain: its turns, the requests that wait and run, its life.</summary>
internal sealed partial class Activation : IGrainContext
{
    [ThreadStatic]
    private static Activation? t_current;

    private readonly RequestList _waiting = new();
    private readonly RequestList _running = new();
    private readonly Action _pump;
    private readonly HashSet<GrainTimer> _timers = [];
    private readonly Dictionary<Type, object> _components = [];
    private readonly Lifecycle _lifecycle = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _activating = new();
    private GrainRequest? _blocking;
    private IServiceScope? _scope;
    private GrainReference? _reference;
    private object? _instance;
    private Phase _phase;
    private bool _pumpQueued;
    private bool _finishing;
    private DeactivationReason _reason;
    private CancellationToken _deactivationToken;
    private Exception? _failure;

    internal Activation(Silo silo, GrainClass grainClass, GrainId grainId)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = grainId;
        Scheduler = new ActivationScheduler(this);
        _pump = Pump;
        _lastUse = silo.ActivationClock.GetTimestamp();
    }

    private enum Phase
    {
        Created,
        Activating,
        Valid,
        Deactivating,
        Gone,
    }

    /// <summary>The activation whose turn this thread runs.</summary>
    internal static Activation? Current => t_current;

    public GrainId GrainId { get; }

    public ActivationId ActivationId { get; } = ActivationId.NewId();

    public object? GrainInstance => _instance;

    public GrainReference GrainReference => _reference ??= GrainReference.Untyped(Silo.Factory, GrainId);

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? throw new InvalidOperationException($"{GrainId} is not active.");

    public IGrainLifecycle ObservableLifecycle => _lifecycle;

    public Task Deactivated => _gone.Task;

    internal Silo Silo { get; }

    internal GrainClass Class { get; }

    internal ActivationScheduler Scheduler { get; }

    internal object Instance => _instance!;

    internal bool IsBusy => _running.Count + _waiting.Count > 0;

    private Lock Gate => Scheduler.Gate;

    public TComponent? GetComponent<TComponent>()
        where TComponent : class => _components.GetValueOrDefault(typeof(TComponent)) as TComponent ?? _instance as TComponent ?? this as TComponent;

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class
    {
        if (value is null)
        {
            _components.Remove(typeof(TComponent));
        }
        else
        {
            _components[typeof(TComponent)] = value;
        }
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"[Activation: {Silo.Address}/{GrainId}{ActivationId}]";

    internal static Activation Of(IGrainContext? context) =>
        context as Activation ?? throw new InvalidOperationException("This grain was not made by the runtime: it has no context.");

    /// <summary>Makes an activation the thread's current one; returns the one before.</summary>
    internal static Activation? Enter(Activation? activation)
    {
        var previous = t_current;
        t_current = activation;
        return previous;
    }

    /// <summary>Throws when this is not a turn of the activation: grain state is touched from a thread of its own.</summary>
    internal void CheckTurn([System.Runtime.CompilerServices.CallerMemberName] string operation = "")
    {
        if (t_current != this)
        {
            throw new InvalidOperationException(
                $"{operation} of {GrainId} was used outside its turns. Grain code runs on the grain's scheduler: do not use it after ConfigureAwait(false) or in Task.Run.");
        }
    }

    /// <summary>Queues a request; false when the activation is gone and the directory must be asked again.</summary>
    internal bool TryReceive(GrainRequest request)
    {
        bool wake;
        lock (Gate)
        {
            if (_phase == Phase.Gone)
            {
                return false;
            }

            request.Arrived(this);
            _waiting.Add(request);
            wake = QueuePump();
        }

        if (wake)
        {
            Scheduler.Wake();
        }

        return true;
    }

    /// <summary>Drops a request that nobody waits for any more; true when it had not begun.</summary>
    internal bool Forget(GrainRequest request)
    {
        lock (Gate)
        {
            return _waiting.Remove(request);
        }
    }

    /// <summary>The requests whose callers have waited too long.</summary>
    internal GrainRequest[] Expired(RuntimeClient client, long now)
    {
        lock (Gate)
        {
            return [.. _waiting.ToArray().Concat(_running.ToArray()).Where(r => r.Client == client && !r.IsLocal && !r.IsAnswered && r.HasExpired(now))];
        }
    }

    internal void OnFault(GrainRequest request, Exception exception)
    {
        if (exception is Storage.InconsistentStateException { IsSourceActivation: true } inconsistent)
        {
            // Only the activation whose state it was goes away, not those of the callers that it passes.
            inconsistent.IsSourceActivation = false;
            Deactivate(new(DeactivationReasonCode.ApplicationError, exception, "The state in storage is not the one this activation knows."));
        }

        if (request.Method.OneWay)
        {
            Silo.Log.OneWayFailed(exception, request);
        }
    }

    internal void OnEnded(GrainRequest request)
    {
        bool wake;
        lock (Gate)
        {
            _running.Remove(request);
            if (_blocking is null || _blocking == request)
            {
                _blocking = null;
            }

            if (request.CountsAsUse)
            {
                _lastUse = Silo.ActivationClock.GetTimestamp();
            }

            wake = _phase == Phase.Deactivating ? QueueFinish() : _waiting.Count > 0 && QueuePump();
        }

        if (wake)
        {
            Scheduler.Wake();
        }
    }

    private bool QueuePump()
    {
        if (_pumpQueued || _phase != Phase.Valid)
        {
            return false;
        }

        _pumpQueued = true;
        return Scheduler.AddLocked(_pump);
    }

    private void Pump()
    {
        lock (Gate)
        {
            _pumpQueued = false;
        }

        while (TryTake(out var request))
        {
            RequestContext.Current = request.Values;
            request.Start(this);
        }
    }

    private bool TryTake([NotNullWhen(true)] out GrainRequest? request)
    {
        lock (Gate)
        {
            request = _phase == Phase.Valid ? _waiting.First : null;
            while (request is not null && (request.IsAnswered || !MayStart(request)))
            {
                var next = request.Next;
                if (request.IsAnswered)
                {
                    // Its caller gave up before it arrived here.
                    _waiting.Remove(request);
                }

                request = next;
            }

            if (request is null)
            {
                return false;
            }

            _waiting.Remove(request);
            _running.Add(request);
            if (_blocking is null && !request.Method.AlwaysInterleave)
            {
                _blocking = request;
            }

            return true;
        }
    }

    private bool MayStart(GrainRequest request) =>
        _running.Count == 0
        || _blocking is null
        || request.Method.AlwaysInterleave
        || Class.Reentrant
        || (request.Method.ReadOnly && _blocking.Method.ReadOnly);
}
