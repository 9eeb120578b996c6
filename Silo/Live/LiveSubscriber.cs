using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace RiskMonitor.Silo.Live;

/// <summary>
/// Receives what changed on all silos, for a frontend. Subscriptions are kept by grains in memory, which end with their silo, so the subscription is made
/// again at an interval; making it again replaces the one before.
/// </summary>
/// <param name="receive">Gets each update; returns at once.</param>
internal sealed partial class LiveSubscriber(IServiceProvider services, Action<LiveUpdate> receive, TimeProvider clock, ILogger<LiveSubscriber> logger) : BackgroundService
{
    private static readonly TimeSpan s_renewal = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_renewal, clock);
        StreamSubscriptionHandle<LiveUpdate>? subscription = null;
        try
        {
            do
            {
                subscription = await RenewAsync(subscription);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await EndAsync(subscription);
        }
    }

    private async Task<StreamSubscriptionHandle<LiveUpdate>?> RenewAsync(StreamSubscriptionHandle<LiveUpdate>? before)
    {
        try
        {
            var next = await LiveStream.Of(services).SubscribeAsync((update, _) =>
            {
                receive(update);
                return Task.CompletedTask;
            });
            await EndAsync(before);
            return next;
        }
        catch (Exception exception)
        {
            LogNotSubscribed(exception);
            return before;
        }
    }

    private async Task EndAsync(StreamSubscriptionHandle<LiveUpdate>? subscription)
    {
        try
        {
            await (subscription?.UnsubscribeAsync() ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            LogNotEnded(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Live updates cannot be subscribed to now; this frontend reads at its own interval until it can")]
    private partial void LogNotSubscribed(Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A subscription to live updates could not be ended; it ends with its silo")]
    private partial void LogNotEnded(Exception exception);
}
