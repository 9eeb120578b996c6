using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace RiskMonitor.Silo.Publishing;

/// <summary>Keeps the cluster's one publisher active: every silo asks for it each second, so that another silo takes over from one that was killed.</summary>
internal sealed partial class PublisherKeeper(IGrainFactory grains, PublisherOptions options, TimeProvider clock, ILogger<PublisherKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var grain = grains.GetGrain<IPublisherGrain>(IPublisherGrain.Key);
        using var timer = new PeriodicTimer(options.KeepInterval, clock);
        try
        {
            do
            {
                try
                {
                    await grain.KeepAsync().WaitAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogUnreachable(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The publisher of the topic of alerts cannot be reached now; it is asked for again")]
    private partial void LogUnreachable(Exception exception);
}
