using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace RiskMonitor.Testing.Kafka;

/// <summary>
/// A broker of Kafka in this process, on real sockets: the mock cluster of the client's native library. Other processes connect to <see cref="Servers"/>. It
/// keeps at most 5 MB or 100,000 messages a partition, and knows neither TLS nor SASL. Its topics are made here, and not by its clients.
/// </summary>
internal sealed class MockKafka : IDisposable
{
    /// <summary>Requests of Kafka's protocol, by their numbers.</summary>
    public const short FetchRequest = 1, JoinGroupRequest = 11, AddPartitionsRequest = 24, EndTransactionRequest = 26;

    private static readonly Lazy<nint> s_library = new(Library);

    private readonly IProducer<byte[]?, byte[]?> _producer;

    /// <summary>
    /// Writes large batches. An answer of this broker has one batch of a partition, while a real one has as many as the client takes: a topic of small batches
    /// would be read as slowly as no real one is.
    /// </summary>
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _loader;

    private readonly nint _cluster;

    public MockKafka()
    {
        _producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "not-used:9092",
            ["test.mock.num.brokers"] = "1",
            ["linger.ms"] = "0",
        })).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _cluster = Native<HandleOf>("rd_kafka_handle_mock_cluster")(RawHandle(_producer.Handle));
        Servers = Marshal.PtrToStringUTF8(Native<HandleOf>("rd_kafka_mock_cluster_bootstraps")(_cluster))!;
        _loader = new(() => new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = Servers, LingerMs = 20, BatchSize = 900_000, BatchNumMessages = 10_000 }).Build());
        Native<ThreadSafeSet>("rd_kafka_mock_group_initial_rebalance_delay_ms")(_cluster, 100);
        Native<ThreadSafeSet>("rd_kafka_mock_set_controller_id")(_cluster, 1);
    }

    private delegate nint HandleOf(nint handle);

    private delegate void ThreadSafeSet(nint cluster, int value);

    private delegate int CreateTopicCall(nint cluster, byte[] topic, int partitions, int replicas);

    private delegate int DeleteTopicCall(nint cluster, byte[] topic);

    private delegate int DeleteRecordsCall(nint cluster, byte[] topic, int partition, long before);

    private delegate int SetLeaderCall(nint cluster, byte[] topic, int partition, int broker);

    private delegate int BrokerCall(nint cluster, int broker);

    private delegate int BrokerRttCall(nint cluster, int broker, int milliseconds);

    private delegate void TopicErrorCall(nint cluster, byte[] topic, int error);

    private delegate void RequestErrorsCall(nint cluster, short request, nuint count, int[] errors);

    /// <summary>For <c>bootstrap.servers</c> of clients, here and in other processes.</summary>
    public string Servers { get; }

    public void CreateTopic(string topic, int partitions) => Check(Native<CreateTopicCall>("rd_kafka_mock_topic_create")(_cluster, Text(topic), partitions, 1));

    public void DeleteTopic(string topic) => Check(Native<DeleteTopicCall>("rd_kafka_mock_topic_delete")(_cluster, Text(topic)));

    /// <summary>Messages before an offset expire.</summary>
    public void Expire(string topic, int partition, long before) =>
        Check(Native<DeleteRecordsCall>("rd_kafka_mock_partition_delete_records")(_cluster, Text(topic), partition, before));

    /// <summary>Gives a partition its leader, or takes it away: then nobody can read it or say where it ends.</summary>
    public void SetLeader(string topic, int partition, bool hasLeader) =>
        Check(Native<SetLeaderCall>("rd_kafka_mock_partition_set_leader")(_cluster, Text(topic), partition, hasLeader ? 1 : -1));

    /// <summary>The broker closes all connections and accepts none.</summary>
    public void SetDown() => Check(Native<BrokerCall>("rd_kafka_mock_broker_set_down")(_cluster, 1));

    public void SetUp() => Check(Native<BrokerCall>("rd_kafka_mock_broker_set_up")(_cluster, 1));

    /// <summary>Every answer of the broker takes this long.</summary>
    public void SetRoundTrip(TimeSpan time) => Check(Native<BrokerRttCall>("rd_kafka_mock_broker_set_rtt")(_cluster, 1, (int)time.TotalMilliseconds));

    /// <summary>Every write to a topic fails.</summary>
    /// <param name="error">Null: writes succeed again.</param>
    public void Refuse(string topic, ErrorCode? error) => Native<TopicErrorCall>("rd_kafka_mock_topic_set_error")(_cluster, Text(topic), (int)(error ?? ErrorCode.NoError));

    /// <summary>The next request of a kind gets this answer.</summary>
    /// <param name="request">The number of the request in Kafka's protocol, such as <see cref="EndTransactionRequest"/>.</param>
    public void FailNext(short request, ErrorCode error) => Native<RequestErrorsCall>("rd_kafka_mock_push_request_errors_array")(_cluster, request, 1, [(int)error]);

    /// <summary>Writes a message. It is in the topic when the task ends.</summary>
    /// <returns>Its offset.</returns>
    public async Task<long> ProduceAsync(string topic, int partition, byte[]? key, byte[]? value, Headers? headers = null) =>
        (await _producer.ProduceAsync(new TopicPartition(topic, partition), new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers ?? [] })).Offset.Value;

    /// <summary>Writes many messages, in their order. They are in the topic when the call ends.</summary>
    public void Produce(string topic, IEnumerable<(int Partition, byte[]? Key, byte[]? Value)> messages)
    {
        foreach (var (partition, key, value) in messages)
        {
            _loader.Value.Produce(new TopicPartition(topic, partition), new Message<byte[]?, byte[]?> { Key = key, Value = value });
        }

        _loader.Value.Flush();
    }

    /// <summary>Everything that a partition has now.</summary>
    public IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> Read(string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = Servers, GroupId = "reader", EnablePartitionEof = true }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var read = new List<ConsumeResult<byte[]?, byte[]?>>();
        for (var ends = 0; ends < partitions;)
        {
            var next = consumer.Consume(CancellationToken.None);
            ends += next.IsPartitionEOF ? 1 : 0;
            if (!next.IsPartitionEOF)
            {
                read.Add(next);
            }
        }

        return read;
    }

    public void Dispose()
    {
        if (_loader.IsValueCreated)
        {
            _loader.Value.Dispose();
        }

        _producer.Dispose();
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new KafkaException((ErrorCode)error);
        }
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static nint RawHandle(Handle handle)
    {
        var safe = (SafeHandle)typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.GetValue(handle)!;
        return safe.DangerousGetHandle();
    }

    private static T Native<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(s_library.Value, name));

    /// <summary>The client chooses between several builds of its library: the one that is loaded has the cluster.</summary>
    private static nint Library()
    {
        var path = File.ReadLines("/proc/self/maps").Where(line => line.Contains("librdkafka", StringComparison.Ordinal)).Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).First();
        return NativeLibrary.Load(path);
    }
}
