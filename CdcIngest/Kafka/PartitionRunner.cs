using Microsoft.Extensions.Logging;
using Orleans;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// Runs one partition from its assignment until Kafka takes it: opens it under a new epoch, finds out where to begin, and runs a pipeline. A pipeline that
/// fails, or whose checkpoint is refused, is followed by the next one. Other partitions do not notice.
/// </summary>
internal sealed partial class PartitionRunner(
    KafkaTopic topic,
    IKafkaReader reader,
    DeadLetterTopic letters,
    IGrainFactory grains,
    DebeziumDecoder decoder,
    IPositionDirectory directory,
    IDeadLetterStore deadLetters,
    IPartitionCheckpoints checkpoints,
    KafkaOptions kafka,
    IngestOptions options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger logger)
{
    public async Task RunAsync(int number, CancellationToken taken)
    {
        var partition = new FeedPartition(topic.Name, number);
        var delay = options.RetryDelay;
        while (!taken.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            try
            {
                await OpenAndRunAsync(partition, taken);
            }
            catch (Exception) when (taken.IsCancellationRequested)
            {
                return;
            }
            catch (CheckpointRefusedException)
            {
                LogRefused(partition);
            }
            catch (Exception exception)
            {
                LogFailed(exception, partition);
            }

            delay = clock.GetElapsedTime(began) > options.MaxRetryDelay ? options.RetryDelay : RetryDelay.After(delay, options.MaxRetryDelay);
            await Task.Delay(delay, clock, taken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task OpenAndRunAsync(FeedPartition partition, CancellationToken taken)
    {
        var timeout = options.CallTimeout ?? TimeSpan.FromSeconds(30);
        var feedGrain = new RetryingFeedGrain(grains.GetGrain<IFeedGrain>(topic.Name), grains.GetGrain<IFeedCoordinatorGrain>(topic.Name), timeout, clock, logger, taken);
        var store = new PartitionCheckpointStore(checkpoints, feedGrain, partition, () => topic.Identity, clock);
        await store.TakeOverAsync(taken);
        var start = await StartOfAsync(partition, store.Stored);
        var feed = new KafkaPartition(partition, topic, reader, kafka, clock, start);
        var owned = new OwnedPartition(partition, feedGrain, store, letters.WriteAsync);
        LogOpened(partition, store.Epoch, start.Offset);
        await new IngestPipeline(
            feed,
            feedGrain,
            desk => grains.GetGrain<IDeskRiskGrain>(desk),
            decoder,
            directory,
            deadLetters,
            options,
            metrics,
            clock,
            logger,
            owned).RunAsync(taken);
    }

    private async Task<PartitionStart> StartOfAsync(FeedPartition partition, PartitionCheckpoint? stored)
    {
        if (await topic.TryRefreshAsync() is { } problem)
        {
            throw new FeedInterruptedException($"{partition}: {problem}");
        }

        var first = (await topic.OffsetsAsync([partition.Partition], ends: false)).TryGetValue(partition.Partition, out var least) ? least : throw Unknown();
        var end = (await topic.OffsetsAsync([partition.Partition], ends: true)).TryGetValue(partition.Partition, out var most) ? most : throw Unknown();
        return PartitionStarts.Find(partition, stored, topic.Identity, first, end);

        FeedInterruptedException Unknown() => new($"{partition}: the broker does not say where it begins and ends");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition} is opened under epoch {Epoch} at offset {Offset}")]
    private partial void LogOpened(FeedPartition partition, long epoch, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: another ingest has opened it since, while Kafka still assigns it here. It is opened again")]
    private partial void LogRefused(FeedPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} is opened again, because its ingest ended")]
    private partial void LogFailed(Exception exception, FeedPartition partition);
}
