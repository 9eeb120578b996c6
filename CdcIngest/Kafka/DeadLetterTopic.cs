using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Where messages go that cannot be read, as they came and with the reason. A message is not done before all replicas have it.</summary>
/// <param name="build">Makes a producer, given where it reports its errors.</param>
internal sealed partial class DeadLetterTopic(
    KafkaOptions options, Func<ClientErrors, IProducer<byte[]?, byte[]?>> build, IngestMetrics metrics, TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(5);

    private readonly ClientErrors _errors = new(clock);
    private readonly Lock _gate = new();
    private SharedProducer? _producer;

    public DeadLetterTopic(KafkaOptions options, IngestMetrics metrics, TimeProvider clock, ILogger logger)
        : this(options, errors => Build(options, errors), metrics, clock, logger)
    {
    }

    /// <summary>Writes a message, however often that has to be tried: its partition waits meanwhile.</summary>
    /// <param name="failing">Called with what is wrong, and with null once it has been written after all.</param>
    public async Task WriteAsync(FeedMessage message, string reason, Action<string?> failing, CancellationToken cancellationToken)
    {
        var delay = s_firstDelay;
        var leftOut = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var problem = await TryWriteAsync(DeadLetterMessage.Of(message, reason, leftOut), cancellationToken);
            if (problem is null)
            {
                metrics.DeadLetterWrite("written");
                failing(null);
                return;
            }

            metrics.DeadLetterWrite("failed");
            LogNotWritten(message.Delivery.ToString(), options.DeadLetters, _errors.Explain(problem.Reason));
            if (IsOfTheMessage(problem.Code) && leftOut < DeadLetterMessage.Most)
            {
                leftOut++;
                continue;
            }

            failing($"a message that cannot be read waits for the topic {options.DeadLetters}, and everything behind it does, too");
            await Task.Delay(delay, clock, cancellationToken);
            delay = RetryDelay.After(delay, s_longestDelay);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _producer?.Retire();
            _producer = null;
        }
    }

    /// <returns>What is wrong; null: the message is written.</returns>
    private async Task<Error?> TryWriteAsync(Message<byte[]?, byte[]?> letter, CancellationToken cancellationToken)
    {
        var producer = Acquire();
        try
        {
            // The client ends each write within its time limit. A producer that is closed while it writes never does.
            await producer.Client.ProduceAsync(options.DeadLetters, letter, cancellationToken).WaitAsync(2 * options.RequestTimeout, clock, cancellationToken);
            return null;
        }
        catch (KafkaException failed)
        {
            if (failed.Error.IsFatal)
            {
                Replace(producer);
            }

            return failed.Error;
        }
        catch (TimeoutException)
        {
            Replace(producer);
            return new Error(ErrorCode.Local_TimedOut, "the producer gives no answer");
        }
        finally
        {
            Release(producer);
        }
    }

    private SharedProducer Acquire()
    {
        lock (_gate)
        {
            _producer ??= new SharedProducer(build(_errors));
            _producer.Users++;
            return _producer;
        }
    }

    private void Release(SharedProducer producer)
    {
        lock (_gate)
        {
            producer.Users--;
            producer.CloseIfUnused();
        }
    }

    /// <summary>An idempotent producer that has lost its sequence can only be made anew. Other partitions may still wait for answers of the old one.</summary>
    private void Replace(SharedProducer broken)
    {
        lock (_gate)
        {
            _producer = _producer == broken ? null : _producer;
            broken.Retire();
        }
    }

    private static bool IsOfTheMessage(ErrorCode code) =>
        code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidMsgSize or ErrorCode.InvalidRecord;

    private static IProducer<byte[]?, byte[]?> Build(KafkaOptions options, ClientErrors errors)
    {
        var config = KafkaClients.Producer(options);
        if (!options.Client.ContainsKey("message.max.bytes"))
        {
            // The topic decides what is too long, not the client: the messages came from a broker, and grow by some headers.
            config.MessageMaxBytes = 64 * 1024 * 1024;
        }

        return KafkaClients.BuildProducer(config, errors);
    }

    [LoggerMessage(EventId = 3011, EventName = "dead_letter_not_written", Level = LogLevel.Error, Message = "Notice dead_letter_not_written: message {Delivery} cannot be read, and could not be written to {Topic}: {Reason}. It is tried again, and its partition waits")]
    private partial void LogNotWritten(string delivery, string topic, string reason);

    /// <summary>Guarded by the topic's lock.</summary>
    private sealed class SharedProducer(IProducer<byte[]?, byte[]?> client)
    {
        private bool _isRetired;
        private bool _isClosed;

        public IProducer<byte[]?, byte[]?> Client => client;

        /// <summary>Writes that wait for an answer.</summary>
        public int Users { get; set; }

        /// <summary>Closes the producer when its last write has its answer: the tasks of a disposed producer never end.</summary>
        public void Retire()
        {
            _isRetired = true;
            CloseIfUnused();
        }

        public void CloseIfUnused()
        {
            if (_isRetired && Users == 0 && !_isClosed)
            {
                _isClosed = true;
                client.Dispose();
            }
        }
    }
}
