using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>Stages with observers: started upwards, those that were started stopped downwards.</summary>
internal sealed class Lifecycle : ISiloLifecycle, IGrainLifecycle
{
    private readonly List<Subscription> _subscriptions = [];
    private int _highest = int.MinValue;
    private bool _started;

    public int HighestCompletedStage => _highest;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(this, stage, observer);
        _subscriptions.Add(subscription);
        return subscription;
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        _started = true;
        foreach (var stage in _subscriptions.GroupBy(s => s.Stage).OrderBy(g => g.Key).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAll(stage.Select(s => s.Observer.OnStart(cancellationToken)));
            _highest = stage.Key;
        }
    }

    internal async Task StopAsync(Action<Exception> onError, CancellationToken cancellationToken)
    {
        if (!_started)
        {
            return;
        }

        foreach (var stage in _subscriptions.Where(s => s.Stage <= _highest).GroupBy(s => s.Stage).OrderByDescending(g => g.Key).ToArray())
        {
            try
            {
                await Task.WhenAll(stage.Select(s => s.Observer.OnStop(cancellationToken)));
            }
            catch (Exception exception)
            {
                onError(exception);
            }

            LowestStoppedStage = stage.Key;
        }
    }

    private sealed class Subscription(Lifecycle owner, int stage, ILifecycleObserver observer) : IDisposable
    {
        internal int Stage => stage;

        internal ILifecycleObserver Observer => observer;

        public void Dispose() => owner._subscriptions.Remove(this);
    }
}
