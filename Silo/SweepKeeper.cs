using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace RiskMonitor.Silo;

/// <summary>
/// Keeps the cluster's one sweep active: every silo asks for it at its interval, so that it is active as long as any silo runs. Calls do this and not a
/// reminder, because a reminder ticks once a minute at the most and would leave the sweep of a stopped silo waiting for that long.
/// </summary>
internal sealed partial class SweepKeeper(
    IGrainFactory grains, ILocalSiloDetails silo, AlertGauges gauges, IOptions<SweepOptions> options, TimeProvider clock, ILogger<SweepKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var grain = grains.GetGrain<ISweepGrain>(ISweepGrain.Key);
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        var takeUpAll = true;
        try
        {
            do
            {
                takeUpAll &= !await TryKeepAsync(grain, takeUpAll, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task<bool> TryKeepAsync(ISweepGrain grain, bool takeUpAll, CancellationToken cancellationToken)
    {
        try
        {
            if (!(await grain.KeepAsync(takeUpAll).WaitAsync(cancellationToken)).Equals(silo.SiloAddress))
            {
                // Another silo counts from now on; two sets of counts would be added up.
                gauges.Clear();
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(exception);
            return false;
        }
    }
}
