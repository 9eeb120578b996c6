using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>Runs the pipeline while the host lives. A run that fails is begun again from what it had stored.</summary>
internal sealed partial class IngestService(
    IChangeFeed feed,
    IGrainFactory grains,
    DebeziumDecoder decoder,
    IPositionDirectory directory,
    IDeadLetterStore deadLetters,
    IOptions<IngestOptions> options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger<IngestService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts its services one after the other; reading the position directory must not hold the others up.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await NewPipeline().RunAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogRunFailed(exception, feed.Name);
                await Task.Delay(options.Value.MaxRetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private IngestPipeline NewPipeline() => new(
        feed,
        grains.GetGrain<IFeedGrain>(feed.Name),
        desk => grains.GetGrain<IDeskRiskGrain>(desk),
        decoder,
        directory,
        deadLetters,
        options.Value,
        metrics,
        clock,
        logger);
}
