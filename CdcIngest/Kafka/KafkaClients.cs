using Confluent.Kafka;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>The settings of the clients of Kafka, and its producers. Defaults that hide latency or losses are replaced.</summary>
internal static class KafkaClients
{
    public static ConsumerConfig Consumer(KafkaOptions options) => With(options, new ConsumerConfig
    {
        GroupId = options.GroupId,
        // By the client's default the partitions of a killed ingest stay unread for 45 s. Heartbeats also bring the news of a rebalance, so they are frequent.
        SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
        HeartbeatIntervalMs = (int)Math.Min(1_000, options.SessionTimeout.TotalMilliseconds / 4),
        // A rebalance takes only the partitions that move; all others are read on.
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        // Our own checkpoints decide where a partition is read on. What is stored with Kafka is for displays of the lag, and for nothing else.
        EnableAutoCommit = true,
        EnableAutoOffsetStore = false,
        AutoCommitIntervalMs = 1_000,
        // Offsets that have expired must be noticed, not skipped.
        AutoOffsetReset = AutoOffsetReset.Error,
        EnablePartitionEof = true,
        IsolationLevel = IsolationLevel.ReadCommitted,
        // A fetch under way delays that of a partition which was just assigned, sought or resumed.
        FetchWaitMaxMs = 10,
        // What is fetched ahead is bounded twice: here, and in our own buffer of each partition.
        QueuedMinMessages = 10_000,
        QueuedMaxMessagesKbytes = 8 * 1024,
        // Once so much waits, the client looks again after this. With its default, a partition with a backlog is read for a moment in every second.
        FetchQueueBackoffMs = 10,
        AllowAutoCreateTopics = false,
    });

    public static ProducerConfig Producer(KafkaConnection options) => With(options, new ProducerConfig
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        LingerMs = 0,
        MessageTimeoutMs = (int)options.RequestTimeout.TotalMilliseconds,
    });

    /// <param name="id">The publishers of one topic have the same, so that each fences off the one before.</param>
    public static ProducerConfig TransactionalProducer(KafkaConnection options, string id)
    {
        var config = Producer(options);
        config.TransactionalId = id;
        // A publisher that was killed holds up readers of committed messages for at most so long.
        config.TransactionTimeoutMs = Math.Max(10_000, 2 * (int)options.RequestTimeout.TotalMilliseconds);
        return config;
    }

    /// <param name="errors">Receives what the producer reports beside the answers to its calls.</param>
    public static IProducer<byte[]?, byte[]?> BuildProducer(ProducerConfig config, ClientErrors errors) =>
        new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => errors.Add(error)).Build();

    public static AdminClientConfig Admin(KafkaOptions options) => With(options, new AdminClientConfig
    {
        // The client goes by what it knows of leaders, and asks again only for what has expired: with its default a partition that lost its leader for a moment
        // would be without one here for a quarter of an hour.
        MetadataMaxAgeMs = 5_000,
    });

    private static T With<T>(KafkaConnection options, T config)
        where T : ClientConfig
    {
        config.BootstrapServers = options.BootstrapServers;
        config.ClientId = "riskmonitor";
        config.SecurityProtocol = options.SecurityProtocol;
        config.SslCaLocation = options.SslCaLocation;
        config.SslCertificateLocation = options.SslCertificateLocation;
        config.SslKeyLocation = options.SslKeyLocation;
        config.SaslMechanism = options.SaslMechanism;
        config.SaslUsername = options.SaslUsername;
        config.SaslPassword = options.SaslPassword;
        foreach (var (name, value) in options.Client)
        {
            config.Set(name, value);
        }

        return config;
    }
}
