using System.Diagnostics;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>One call of a grain: its arguments, its way to the activation and its answer.</summary>
internal abstract class GrainRequest(GrainMethod method)
{
    internal static readonly ActivitySource Activities = new("Microsoft.Orleans.Application");

    private RuntimeClient _client = null!;
    private Activation? _target;
    private Activity? _activity;
    private ActivityContext _parent;
    private CancellationTokenSource? _calleeCancellation;
    private CancellationToken _callerToken;
    private CancellationTokenRegistration _callerRegistration;
    private long _sentAt;

    internal GrainMethod Method { get; } = method;

    internal RequestList? List { get; set; }

    internal GrainRequest? Next { get; set; }

    internal GrainRequest? Previous { get; set; }

    internal GrainId TargetId { get; private set; }

    internal Dictionary<string, object>? Values { get; private set; }

    /// <summary>The activation that called, for placement beside it.</summary>
    internal Activation? Caller { get; private set; }

    internal int Forwards { get; set; }

    internal RuntimeClient Client => _client;

    /// <summary>Timer ticks belong to one activation and count as use only when asked to.</summary>
    internal virtual bool IsLocal => false;

    internal virtual bool CountsAsUse => true;

    /// <summary>Whether nobody waits for the answer any more.</summary>
    internal abstract bool IsAnswered { get; }

    /// <summary>The token that the grain method gets.</summary>
    protected CancellationToken CalleeToken => _calleeCancellation?.Token ?? default;

    internal void Prepare(GrainId target, RuntimeClient client, Activation? caller)
    {
        _callerToken.ThrowIfCancellationRequested();
        TargetId = target;
        Caller = caller;
        _client = client;
        _sentAt = Stopwatch.GetTimestamp();
        Values = RequestContext.Current;
        if (client.PropagatesActivities && Activity.Current is { } activity)
        {
            _parent = activity.Context;
        }

        if (_callerToken.CanBeCanceled)
        {
            _callerRegistration = _callerToken.UnsafeRegister(static (request, token) => ((GrainRequest)request!).OnCallerCancelled(token), this);
        }
    }

    internal void PrepareTick(Activation target, RuntimeClient client)
    {
        TargetId = target.GrainId;
        _target = target;
        _client = client;
    }

    /// <summary>Called by generated code for a method that takes a token.</summary>
    internal void SetToken(CancellationToken token)
    {
        _callerToken = token;
        _calleeCancellation = new CancellationTokenSource();
    }

    internal void Arrived(Activation target) => _target = target;

    /// <summary>Starts the method; this is a turn of the activation.</summary>
    internal void Start(Activation activation)
    {
        if (_parent != default)
        {
            _activity = Activities.StartActivity(Method.Name, ActivityKind.Server, _parent);
            Run(activation);
            Activity.Current = null;
        }
        else
        {
            Run(activation);
        }
    }

    internal bool HasExpired(long now) => Stopwatch.GetElapsedTime(_sentAt, now) > ResponseTimeout;

    internal void OnTimeout()
    {
        var waited = _target?.Forget(this) ?? false;
        Answer(new TimeoutException($"Response did not arrive on time in {ResponseTimeout} for message: {this}."));
        if (!waited && _client.CancelsOnTimeout)
        {
            CancelCallee();
        }
    }

    /// <summary>Ends the call with an exception, from wherever.</summary>
    internal void Answer(Exception exception)
    {
        _callerRegistration.Dispose();
        SetException(exception);
    }

    public override string ToString() => $"{Method.Name} to {TargetId}";

    protected abstract void Run(Activation activation);

    protected abstract void SetException(Exception exception);

    /// <summary>The method ended well; the answer is set already.</summary>
    protected void Succeeded(Activation activation)
    {
        _callerRegistration.Dispose();
        _activity?.Stop();
        activation.OnEnded(this);
    }

    protected void Failed(Activation activation, Exception exception)
    {
        _activity?.SetStatus(ActivityStatusCode.Error, exception.Message).Stop();
        activation.OnFault(this, exception);
        Answer(exception);
        activation.OnEnded(this);
    }

    private TimeSpan ResponseTimeout => Method.Timeout ?? _client.ResponseTimeout;

    private void OnCallerCancelled(CancellationToken token)
    {
        // The caller goes on at once; a callee that has begun is told and may take its time.
        SetException(new OperationCanceledException(token));
        if (_target?.Forget(this) != true)
        {
            CancelCallee();
        }
    }

    private void CancelCallee()
    {
        if (_calleeCancellation is { } cancellation)
        {
            // On the activation, as callbacks of the token may touch the grain.
            _target?.Scheduler.Run(cancellation.Cancel);
        }
    }
}
