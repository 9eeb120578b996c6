using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// One ingest of the consumer group. While the host lives it waits for the topic, reads the partitions that Kafka assigns to it, each by a pipeline of its
/// own, and watches the topic.
/// </summary>
internal sealed partial class KafkaIngestService(
    IGrainFactory grains,
    DebeziumDecoder decoder,
    IPositionDirectory directory,
    IDeadLetterStore deadLetters,
    IPartitionCheckpoints checkpoints,
    IOptions<KafkaOptions> kafka,
    IOptions<IngestOptions> ingest,
    KafkaReadiness readiness,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger<KafkaIngestService> logger) : BackgroundService
{
    /// <summary>How long the host's stop waits for the partitions' last checkpoints.</summary>
    private static readonly TimeSpan s_lastCheckpoints = TimeSpan.FromSeconds(4);

    private readonly KafkaOptions _kafka = kafka.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(exception, _kafka.Topic);
                await Task.Delay(ingest.Value.MaxRetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        using var topic = new KafkaTopic(_kafka, clock, logger);
        await topic.WaitAsync(stoppingToken);
        using var letters = new DeadLetterTopic(_kafka, metrics, clock, logger);
        PartitionRunner runner = null!;
        using var consumer = new KafkaConsumer(_kafka, (partition, taken) => runner.RunAsync(partition, taken), readiness, metrics, clock, logger);
        runner = new PartitionRunner(
            topic, consumer, letters, grains, decoder, directory, new SharedPositions(directory, clock, logger), deadLetters, checkpoints, _kafka, ingest.Value, metrics, clock, logger);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var watching = new TopicWatch(topic, consumer, () => grains.GetGrain<IFeedGrain>(_kafka.Topic), _kafka, metrics, clock, logger).RunAsync(stopped.Token);
        var polling = consumer.Start();
        try
        {
            await polling.WaitAsync(stoppingToken);
        }
        finally
        {
            await stopped.CancelAsync();
            await consumer.StopAsync(s_lastCheckpoints);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The ingest of topic {Topic} failed; it begins again")]
    private partial void LogFailed(Exception exception, string topic);
}
