using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RiskMonitor.Silo;

/// <summary>
/// Keeps a grain that the cluster has once active: every silo calls it at an interval, so that it is active as long as any silo runs. Calls do this and not a
/// reminder, because a reminder ticks once a minute at the most and would leave the work of a stopped silo waiting for that long.
/// </summary>
/// <param name="what">What the grain does, for the log.</param>
internal abstract partial class GrainKeeper(string what, TimeSpan interval, TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>Calls the grain. A call that fails is repeated at the next interval.</summary>
    protected abstract Task KeepAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            do
            {
                await TryKeepAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TryKeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(logger, exception, what);
        }
    }
}
