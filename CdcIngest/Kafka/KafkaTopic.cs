using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>What the brokers say of the topic: its identity, its partitions, and where they begin and end.</summary>
internal sealed partial class KafkaTopic : IDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly KafkaOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ClientErrors _errors;
    private readonly IAdminClient _admin;
    private volatile IReadOnlyList<FeedPartition> _members = [];
    private volatile TopicIdentity _identity = new(null, 0);

    public KafkaTopic(KafkaOptions options, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _errors = new ClientErrors(clock);
        _admin = new AdminClientBuilder(KafkaClients.Admin(options)).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => _errors.Add(error)).Build();
    }

    public string Name => _options.Topic;

    /// <summary>The client ends each question within its own time limit; a question that it forgets must not be waited for.</summary>
    private TimeSpan LongestAnswer => 2 * _options.RequestTimeout;

    /// <summary>All partitions of the topic, as last heard.</summary>
    public IReadOnlyList<FeedPartition> Members => _members;

    /// <summary>Of the topic that has the name now.</summary>
    public TopicIdentity Identity => _identity;

    /// <summary>Waits until a broker answers and has the topic. Says every ten seconds what is missing.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var repeated = new RepeatedProblem(_clock);
        while (true)
        {
            var problem = await TryRefreshAsync();
            if (problem is null)
            {
                LogFound(Name, _members.Count, _options.BootstrapServers);
                return;
            }

            if (repeated.IsDue(problem))
            {
                LogWaits(Name, _options.BootstrapServers, problem);
            }

            await Task.Delay(s_retry, _clock, cancellationToken);
        }
    }

    /// <summary>Asks for the topic's identity and its partitions.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public async Task<string?> TryRefreshAsync()
    {
        try
        {
            var answer = await _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([Name]), new DescribeTopicsOptions { RequestTimeout = _options.RequestTimeout })
                .WaitAsync(LongestAnswer, _clock);
            var topic = answer.TopicDescriptions[0];
            if (topic.Error.IsError)
            {
                return topic.Error.Reason;
            }

            // Bits of zero: the broker knows no ids of topics.
            var known = topic.TopicId is { } id && (id.MostSignificantBits != 0 || id.LeastSignificantBits != 0) ? id.ToString() : null;
            _identity = new TopicIdentity(known, topic.Partitions.Count);
            _members = [.. topic.Partitions.Select(partition => new FeedPartition(Name, partition.Partition)).OrderBy(partition => partition.Partition)];
            return _members.Count == 0 ? "the topic has no partition yet" : null;
        }
        catch (DescribeTopicsException failed)
        {
            return _errors.Explain(failed.Results.TopicDescriptions.FirstOrDefault()?.Error.Reason ?? failed.Message);
        }
        catch (TimeoutException)
        {
            return _errors.Explain("the brokers do not answer");
        }
        catch (KafkaException failed)
        {
            return _errors.Explain(failed.Error.Reason);
        }
    }

    /// <summary>Where some partitions begin, or end as of now.</summary>
    /// <exception cref="KafkaException">The brokers did not answer, or not for all of them.</exception>
    /// <exception cref="TimeoutException">The client did not answer.</exception>
    public async Task<IReadOnlyDictionary<int, long>> OffsetsAsync(IEnumerable<int> partitions, bool ends)
    {
        var asked = partitions.Select(partition => new TopicPartitionOffsetSpec
        {
            TopicPartition = new TopicPartition(Name, partition),
            OffsetSpec = ends ? OffsetSpec.Latest() : OffsetSpec.Earliest(),
        }).ToList();
        if (asked.Count == 0)
        {
            return new Dictionary<int, long>();
        }

        var answer = await _admin.ListOffsetsAsync(
            asked, new ListOffsetsOptions { RequestTimeout = _options.RequestTimeout, IsolationLevel = IsolationLevel.ReadCommitted }).WaitAsync(LongestAnswer, _clock);
        return answer.ResultInfos.Where(info => !info.TopicPartitionOffsetError.Error.IsError)
            .ToDictionary(info => info.TopicPartitionOffsetError.Partition.Value, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    public void Dispose() => _admin.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Topic {Topic} has {Partitions} partitions on {Servers}")]
    private partial void LogFound(string topic, int partitions, string servers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic {Topic} cannot be read from {Servers} yet: {Problem}. The ingest waits for it")]
    private partial void LogWaits(string topic, string servers, string problem);
}
