using System.Diagnostics;
using Orleans.Configuration;

namespace Orleans.Offline;

/// <summary>Who calls: a silo, or a client outside. Knows how long it waits and notices when it has waited too long.</summary>
internal sealed class RuntimeClient : IDisposable
{
    private readonly Timer _sweep;

    internal RuntimeClient(LocalCluster cluster, Silo? silo, MessagingOptions options, bool propagatesActivities)
    {
        Cluster = cluster;
        Silo = silo;
        ResponseTimeout = options.ResponseTimeout;
        CancelsOnTimeout = options.CancelRequestOnTimeout;
        PropagatesActivities = propagatesActivities;

        // Response time is real time, whatever clock the silo was given.
        var every = TimeSpan.FromTicks(Math.Clamp(ResponseTimeout.Ticks / 4, TimeSpan.TicksPerMillisecond * 10, TimeSpan.TicksPerSecond));
        using (ExecutionContext.SuppressFlow())
        {
            _sweep = new Timer(static client => ((RuntimeClient)client!).Sweep(), this, every, every);
        }
    }

    internal LocalCluster Cluster { get; }

    internal Silo? Silo { get; }

    internal TimeSpan ResponseTimeout { get; }

    internal bool CancelsOnTimeout { get; }

    internal bool PropagatesActivities { get; }

    internal bool IsStopped { get; set; }

    public void Dispose()
    {
        IsStopped = true;
        _sweep.Dispose();
    }

    private void Sweep()
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var activation in Cluster.Activations)
        {
            if (activation.IsBusy)
            {
                foreach (var request in activation.Expired(this, now))
                {
                    request.OnTimeout();
                }
            }
        }
    }
}
