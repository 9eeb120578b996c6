using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Alerting;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Silo;

/// <summary>
/// Reads the endpoints that were set at run time, in every silo, and lets alerts that wait for an endpoint look again when one was added or changed.
/// </summary>
internal sealed partial class EndpointReload(
    IEndpointStore store, IEndpointRegistry registry, IAlertStore alerts, IGrainFactory grains, IOptions<AlertingOptions> options, TimeProvider clock, ILogger<EndpointReload> logger)
    : BackgroundService
{
    private const int AtMost = 1_000;
    private const int MaxParallelAlerts = 16;

    /// <summary>Alerts without an endpoint are due at the end of time.</summary>
    private static readonly DueAlert s_beforeWaiting = new(Guid.Empty, DateTimeOffset.MaxValue.AddTicks(-1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(options.Value.EndpointsInterval, clock);
        var mustWake = false;
        try
        {
            do
            {
                mustWake = await TryAsync(mustWake, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    /// <returns>Whether alerts are still to be woken.</returns>
    private async Task<bool> TryAsync(bool mustWake, CancellationToken cancellationToken)
    {
        try
        {
            mustWake |= registry.Apply(await store.ListAsync(cancellationToken));
            if (mustWake)
            {
                await WakeAsync(cancellationToken);
            }

            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
            return mustWake;
        }
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        var last = s_beforeWaiting;
        while (true)
        {
            var waiting = await alerts.DueAsync(null, last, AtMost, cancellationToken);
            await Parallel.ForEachAsync(
                waiting,
                new ParallelOptions { MaxDegreeOfParallelism = MaxParallelAlerts, CancellationToken = cancellationToken },
                async (alert, _) => await grains.GetGrain<IAlertGrain>(alert.AlertId.ToString("D")).EndpointsChangedAsync());
            if (waiting.Count < AtMost)
            {
                return;
            }

            last = waiting[^1];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The endpoints that are set at run time could not be read, or alerts that wait for them not be woken; tried again in a moment")]
    private partial void LogFailed(Exception exception);
}
