using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Alerting;
using RiskMonitor.Grains;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Silo;

/// <summary>
/// Reads the endpoints that were set at run time, in every silo, and lets alerts that wait for an endpoint look again when one was added or changed.
/// </summary>
internal sealed partial class EndpointReload(
    IEndpointStore store, IEndpointRegistry registry, IAlertStore alerts, IGrainFactory grains, IOptions<AlertingOptions> options, TimeProvider clock, ILogger<EndpointReload> logger)
    : PeriodicService(options.Value.EndpointsInterval, clock)
{
    private const int AtMost = 1_000;
    private const int MaxParallelAlerts = 16;

    /// <summary>Alerts without an endpoint are due at the end of time.</summary>
    private static readonly DueAlert s_beforeWaiting = new(Guid.Empty, DateTimeOffset.MaxValue.AddTicks(-1));

    /// <summary>Alerts are still to be woken.</summary>
    private bool _mustWake;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        _mustWake |= registry.Apply(await store.ListAsync(cancellationToken));
        if (_mustWake)
        {
            await WakeAsync(cancellationToken);
            _mustWake = false;
        }
    }

    protected override void OnFailed(Exception exception) => LogFailed(exception);

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
