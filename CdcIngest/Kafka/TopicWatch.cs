using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Grains.Interfaces;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// Asks the brokers where the partitions end, so that a partition is known to be read to its end even when nothing comes, and notices that the topic is
/// another one or has grown.
/// </summary>
internal sealed partial class TopicWatch(
    KafkaTopic topic, KafkaConsumer consumer, Func<IFeedGrain> feedGrain, KafkaOptions options, IngestMetrics metrics, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan IdentityInterval = TimeSpan.FromSeconds(5);

    private TopicIdentity _identity = topic.Identity;
    private int _told = topic.Identity.Partitions;
    private long _identityAskedAt;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.EndsInterval, clock);
        do
        {
            try
            {
                await AskAsync();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotAnswered(topic.Name, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task AskAsync()
    {
        var asked = clock.GetUtcNow();
        var ends = await topic.OffsetsAsync([.. consumer.Reading.Select(reading => reading.Partition.Partition)], ends: true);
        foreach (var reading in consumer.Reading)
        {
            if (ends.TryGetValue(reading.Partition.Partition, out var end))
            {
                metrics.Lag(reading.Partition.Partition, Math.Max(0, end - reading.Done));
                reading.OnEnd(end, asked);
            }
        }

        if (clock.GetElapsedTime(_identityAskedAt) >= IdentityInterval)
        {
            _identityAskedAt = clock.GetTimestamp();
            await CompareAsync();
        }
    }

    private async Task CompareAsync()
    {
        if (await topic.TryRefreshAsync() is { } problem)
        {
            LogNotAnswered(topic.Name, problem);
            return;
        }

        var now = topic.Identity;
        if (now.Id is not null && _identity.Id is not null && now.Id != _identity.Id)
        {
            foreach (var reading in consumer.Reading)
            {
                reading.Interrupt("the topic was made anew under its name");
            }
        }
        else if (now.Partitions > _told)
        {
            LogGrown(topic.Name, _told, now.Partitions);
            await feedGrain().MarkUnprovenAsync(new UnprovenMark(PartitionStarts.Added(topic.Name, _told, now.Partitions), null, [], null, clock.GetUtcNow()));
        }

        _told = now.Partitions;
        _identity = now;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic {Topic}: the brokers do not say where its partitions end: {Problem}")]
    private partial void LogNotAnswered(string topic, string problem);

    [LoggerMessage(EventId = 3012, EventName = "partitions_added", Level = LogLevel.Warning, Message = "Notice partitions_added: topic {Topic} has grown from {Before} to {Now} partitions")]
    private partial void LogGrown(string topic, int before, int now);
}
