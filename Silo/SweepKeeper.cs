using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace RiskMonitor.Silo;

/// <summary>Keeps the cluster's one sweep active.</summary>
internal sealed class SweepKeeper(
    IGrainFactory grains, ILocalSiloDetails silo, AlertGauges gauges, IOptions<SweepOptions> options, TimeProvider clock, ILogger<SweepKeeper> logger)
    : GrainKeeper("sweep", options.Value.Interval, clock, logger)
{
    /// <summary>Until the first call that succeeds: this silo has just started.</summary>
    private bool _takeUpAll = true;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var sweeping = await grains.GetGrain<ISweepGrain>(ISweepGrain.Key).KeepAsync(_takeUpAll).WaitAsync(cancellationToken);
        _takeUpAll = false;
        if (!sweeping.Equals(silo.SiloAddress))
        {
            // Another silo counts from now on; two sets of counts would be added up.
            gauges.Clear();
        }
    }
}
