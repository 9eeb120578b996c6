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
    SharedPositions positions,
    IDeadLetterStore deadLetters,
    IPartitionCheckpoints checkpoints,
    KafkaOptions kafka,
    IngestOptions options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger logger)
{
    /// <summary>
    /// The first pause after a refused checkpoint. Two ingests that each take the partition for theirs would else open it in turn, faster than either can store
    /// a checkpoint; within this time the next heartbeat tells the one that has lost it.
    /// </summary>
    private static readonly TimeSpan s_disputeDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_longestDispute = TimeSpan.FromSeconds(10);

    public async Task RunAsync(int number, CancellationToken taken)
    {
        var partition = new FeedPartition(topic.Name, number);
        var delay = options.RetryDelay;
        var dispute = s_disputeDelay;
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
                await Task.Delay(dispute * (0.75 + (Random.Shared.NextDouble() / 2)), clock, taken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                dispute = clock.GetElapsedTime(began) > 2 * s_longestDispute ? s_disputeDelay : RetryDelay.After(dispute, s_longestDispute);
                if (!await reader.IsAssignedAsync(number, taken))
                {
                    return;
                }

                continue;
            }
            catch (Exception exception)
            {
                LogFailed(exception, partition, exception.Message);
            }

            delay = clock.GetElapsedTime(began) > options.MaxRetryDelay ? options.RetryDelay : RetryDelay.After(delay, options.MaxRetryDelay);
            await Task.Delay(delay, clock, taken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task OpenAndRunAsync(FeedPartition partition, CancellationToken taken)
    {
        var timeout = options.CallTimeout ?? TimeSpan.FromSeconds(30);
        var feedGrain = new RetryingFeedGrain(grains.GetGrain<IFeedGrain>(topic.Name), grains.GetGrain<IFeedCoordinatorGrain>(topic.Name), timeout, clock, logger, taken);
        var store = new PartitionCheckpointStore(checkpoints, feedGrain, partition, clock);
        await store.TakeOverAsync(taken);
        var (start, identity) = await StartOfAsync(partition, store.Stored);
        var feed = new KafkaPartition(partition, topic, reader, kafka, clock, start) { Identity = identity };
        store.Topic = () => feed.Identity;
        var owned = new OwnedPartition(partition, feedGrain, store, positions, letters.WriteAsync);
        LogOpened(partition, store.Epoch, start.Offset);
        try
        {
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
        finally
        {
            reader.End(feed);
        }
    }

    /// <returns>Where to begin, and in which topic: another partition's opening may learn of a new one while this one asks.</returns>
    private async Task<(PartitionStart Start, TopicIdentity Identity)> StartOfAsync(FeedPartition partition, PartitionCheckpoint? stored)
    {
        if (await topic.TryRefreshAsync() is { } problem)
        {
            throw new FeedInterruptedException($"{partition}: {problem}");
        }

        var identity = topic.Identity;
        var first = (await topic.OffsetsAsync([partition.Partition], ends: false)).TryGetValue(partition.Partition, out var least) ? least : throw Unknown();
        var end = (await topic.OffsetsAsync([partition.Partition], ends: true)).TryGetValue(partition.Partition, out var most) ? most : throw Unknown();
        return (PartitionStarts.Find(partition, stored, identity, first, end), identity);

        FeedInterruptedException Unknown() => new($"{partition}: the broker does not say where it begins and ends");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition} is opened under epoch {Epoch} at offset {Offset}")]
    private partial void LogOpened(FeedPartition partition, long epoch, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: another ingest has opened it since, while it was assigned here. It is opened again if it still is")]
    private partial void LogRefused(FeedPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} is opened again, because its ingest ended: {Reason}")]
    private partial void LogFailed(Exception exception, FeedPartition partition, string reason);
}
