using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Confluent.Kafka;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// A partition while Kafka assigns it to this process, read from one opening to the next: the feed of one pipeline. The consumer's thread adds messages, and
/// the pipeline takes them. What lies between them is bounded by pausing the partition.
/// </summary>
internal sealed class KafkaPartition(FeedPartition partition, KafkaTopic topic, IKafkaReader reader, KafkaOptions options, TimeProvider clock, PartitionStart start) : IChangeFeed
{
    private const int MaxBatch = 1_000;

    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private int _count;
    private long _bytes;
    private bool _isPaused;
    private volatile TopicIdentity _identity = topic.Identity;

    /// <summary>The offset after the newest message that was fetched.</summary>
    private long _position = start.Offset;

    /// <summary>Where the partition ended when the newest message was fetched, as far as the client was told; not asked again before it is reached.</summary>
    private long _endAtFetch;

    /// <summary>Where the partition ended when a broker was last asked; -1: none has answered yet.</summary>
    private long _end = -1;

    /// <summary>Where the partition ended at a time, while that has not been fetched; null: none is waited for.</summary>
    private (long End, DateTimeOffset At)? _awaited;

    public string Name => topic.Name;

    public FeedPartition Partition => partition;

    /// <summary>One partition has one order.</summary>
    public bool IsTotallyOrdered => true;

    public bool LivesByItsEnds => true;

    /// <summary>The offset after the newest change whose effect is durable.</summary>
    public long Done { get; private set; } = start.Offset;

    /// <summary>
    /// The topic that was there when the partition was opened. It is compared with the one that has the name now, and goes into every checkpoint. It is set
    /// again when the topic has grown and the feed knows that: neither this reading nor the next opening has to say it again.
    /// </summary>
    public TopicIdentity Identity
    {
        get => _identity;
        set => _identity = value;
    }

    public bool IsPaused => Volatile.Read(ref _isPaused);

    public (long? Next, long? End) OffsetsOf(FeedPartition of) => of == partition ? (Done, Interlocked.Read(ref _end) is >= 0 and var end ? end : null) : default;

    public Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken) => Task.FromResult(topic.Members);

    public async IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What was lost is durable before the first message is read.
        yield return new FeedBatch([], [], clock.GetUtcNow(), start.Lost, IsAnew: start.IsAnew);

        // The partition may have been assigned here again meanwhile, and be read by the next opening.
        cancellationToken.ThrowIfCancellationRequested();
        reader.Begin(this, start.Offset);
        while (await _items.Reader.WaitToReadAsync(cancellationToken))
        {
            yield return Take();
        }
    }

    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken)
    {
        if (next.TryGetValue(partition, out var offset) && offset > 0)
        {
            Done = offset;
            reader.Store(partition.Partition, offset);
        }

        return Task.CompletedTask;
    }

    /// <summary>A message was fetched, by the consumer's thread.</summary>
    /// <param name="endOf">Where a partition ends, as the client was told with the newest messages that it has.</param>
    /// <returns>False: it is the last that the buffer has room for, and the partition is to be paused.</returns>
    public bool Add(ConsumeResult<byte[]?, byte[]?> fetched, Func<TopicPartition, long> endOf)
    {
        if (fetched.Offset.Value < _position)
        {
            return true;
        }

        lock (_gate)
        {
            var message = ToMessage(fetched);
            _position = fetched.Offset.Value + 1;
            if (_position >= _endAtFetch)
            {
                _endAtFetch = endOf(fetched.TopicPartition);
            }

            _count++;
            _bytes += SizeOf(message);
            _items.Writer.TryWrite(new Item(message, null));
            ReachEnd();
            return !(_isPaused = _count >= options.MaxBufferedMessages || _bytes >= options.MaxBufferedBytes);
        }
    }

    /// <summary>The consumer has come to the end. Its offset also counts what is no message, such as the marks of transactions.</summary>
    public void AtEnd(long offset)
    {
        lock (_gate)
        {
            _position = Math.Max(_position, offset);
            ReachEnd();
        }
    }

    /// <summary>A broker has said where the partition ends.</summary>
    public void OnEnd(long end, DateTimeOffset at)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _end, end);
            _awaited ??= (end, at);
            ReachEnd();
        }
    }

    /// <summary>The partition cannot be read on from here: it is to be opened again.</summary>
    public void Interrupt(string reason) => _items.Writer.TryComplete(new FeedInterruptedException($"{partition}: {reason}"));

    private void ReachEnd()
    {
        if (_awaited is { } awaited && _position >= awaited.End)
        {
            _awaited = null;
            _items.Writer.TryWrite(new Item(default, awaited.At));
        }
    }

    private FeedBatch Take()
    {
        var messages = new List<FeedMessage>();
        DateTimeOffset? caughtUp = null;
        var bytes = 0L;
        while (messages.Count < MaxBatch && caughtUp is null && _items.Reader.TryRead(out var item))
        {
            caughtUp = item.CaughtUpAt;
            if (caughtUp is null)
            {
                messages.Add(item.Message);
                bytes += SizeOf(item.Message);
            }
        }

        var moreFollows = Free(messages.Count, bytes);
        return new FeedBatch(
            messages, caughtUp is null ? [] : [partition], clock.GetUtcNow(), CaughtUp: caughtUp is { } at ? (partition, at) : null,
            MoreFollows: moreFollows);
    }

    /// <summary>Messages have left the buffer.</summary>
    /// <returns>Whether more are on their way: in the buffer, or with the client, which hands them over one by one and slower than a pipeline takes them.</returns>
    private bool Free(int count, long bytes)
    {
        bool moreFollows;
        lock (_gate)
        {
            _count -= count;
            _bytes -= bytes;
            moreFollows = _count > 0 || _position < _endAtFetch;
            if (!_isPaused || _count > options.MaxBufferedMessages / 2 || _bytes > options.MaxBufferedBytes / 2)
            {
                return moreFollows;
            }

            _isPaused = false;
        }

        reader.Resume(this);
        return moreFollows;
    }

    private FeedMessage ToMessage(ConsumeResult<byte[]?, byte[]?> fetched)
    {
        List<KeyValuePair<string, byte[]?>>? headers = null;
        foreach (var header in fetched.Message.Headers ?? [])
        {
            (headers ??= []).Add(new KeyValuePair<string, byte[]?>(header.Key, header.GetValueBytes()));
        }

        return new FeedMessage(
            new Delivery(partition.Topic, partition.Partition, fetched.Offset.Value),
            fetched.Message.Key,
            fetched.Message.Value,
            fetched.Message.Value is not null,
            Headers: headers);
    }

    private static long SizeOf(in FeedMessage message) => 100 + message.Key.Length + message.Value.Length;

    /// <param name="CaughtUpAt">Null: a message. Else all messages were fetched that the partition had at this time.</param>
    private readonly record struct Item(FeedMessage Message, DateTimeOffset? CaughtUpAt);
}

/// <summary>Where an opening begins to read.</summary>
/// <param name="Lost">What is missing before it, or may be; null: nothing.</param>
/// <param name="IsAnew">The topic is another one under the same name.</param>
internal readonly record struct PartitionStart(long Offset, string? Lost, bool IsAnew);

/// <summary>What a partition asks of the consumer's thread. No call waits.</summary>
internal interface IKafkaReader
{
    /// <summary>Reads a partition from an offset on.</summary>
    void Begin(KafkaPartition partition, long offset);

    /// <summary>The pipeline of a partition has ended: what comes of it is nobody's until it is opened again.</summary>
    void End(KafkaPartition partition);

    /// <summary>The buffer of a paused partition has room again.</summary>
    void Resume(KafkaPartition partition);

    /// <summary>Whether a partition is still assigned here, after everything that Kafka has said by now.</summary>
    Task<bool> IsAssignedAsync(int partition, CancellationToken cancellationToken);

    /// <summary>Shows to Kafka how far a partition is done.</summary>
    void Store(int partition, long offset);
}

/// <summary>A partition has to be opened again.</summary>
internal sealed class FeedInterruptedException(string reason) : Exception(reason);
