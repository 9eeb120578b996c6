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
    private static readonly TimeSpan s_identityInterval = TimeSpan.FromSeconds(5);

    private readonly PartitionEnds _ends = new(topic, metrics, clock);
    private readonly RepeatedProblem _problem = new(clock);
    private long _identityAskedAt;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.EndsInterval, clock);
        do
        {
            try
            {
                Say(await AskAsync());
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Say(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Say(string? problem)
    {
        if (problem is not null && _problem.IsDue(problem))
        {
            LogNotAnswered(topic.Name, problem);
        }
    }

    private async Task<string?> AskAsync()
    {
        var problem = await _ends.AskAsync([.. consumer.Reading]);
        if (clock.GetElapsedTime(_identityAskedAt) >= s_identityInterval)
        {
            _identityAskedAt = clock.GetTimestamp();
            problem = await CompareAsync() ?? problem;
        }

        return problem;
    }

    /// <summary>Compares the topic that has the name now with what each partition was opened in.</summary>
    private async Task<string?> CompareAsync()
    {
        if (await topic.TryRefreshAsync() is { } problem)
        {
            return problem;
        }

        var now = topic.Identity;
        var grown = new List<KafkaPartition>();
        foreach (var reading in consumer.Reading)
        {
            var opened = reading.Identity;
            if (now.Id is not null && opened.Id is not null && now.Id != opened.Id)
            {
                reading.Interrupt("the topic was made anew under its name");
            }
            else if (now.Partitions > opened.Partitions)
            {
                grown.Add(reading);
            }
        }

        if (grown.Count > 0)
        {
            var before = grown.Min(reading => reading.Identity.Partitions);
            LogGrown(topic.Name, before, now.Partitions);
            await feedGrain().MarkUnprovenAsync(new UnprovenMark(PartitionStarts.Added(topic.Name, before, now.Partitions), null, [], null, clock.GetUtcNow()));
            grown.ForEach(reading => reading.Identity = now);
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic {Topic}: the brokers do not say where its partitions end: {Problem}")]
    private partial void LogNotAnswered(string topic, string problem);

    [LoggerMessage(EventId = 3012, EventName = "partitions_added", Level = LogLevel.Warning, Message = "Notice partitions_added: topic {Topic} has grown from {Before} to {Now} partitions")]
    private partial void LogGrown(string topic, int before, int now);
}
