using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Where messages go that cannot be read, as they came and with the reason. A message is not done before all replicas have it.</summary>
internal sealed partial class DeadLetterTopic(KafkaOptions options, IngestMetrics metrics, TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Writes a message, however often that has to be tried: its partition waits meanwhile.</summary>
    /// <param name="failing">Called with what is wrong, and with null once it has been written after all.</param>
    public async Task WriteAsync(FeedMessage message, string reason, Action<string?> failing, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var producer = Producer();
            try
            {
                await producer.ProduceAsync(options.DeadLetters, ToDeadLetter(message, reason), cancellationToken);
                metrics.DeadLetterWrite("written");
                failing(null);
                return;
            }
            catch (KafkaException failed)
            {
                metrics.DeadLetterWrite("failed");
                LogNotWritten(message.Delivery.ToString(), options.DeadLetters, failed.Error.Reason);
                failing($"a message that cannot be read waits for the topic {options.DeadLetters}, and everything behind it does, too");
                if (failed.Error.IsFatal)
                {
                    Replace(producer);
                }
            }

            await Task.Delay(delay, clock, cancellationToken);
            delay = RetryDelay.After(delay, LongestDelay);
        }
    }

    public void Dispose() => _producer?.Dispose();

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_gate)
        {
            return _producer ??= new ProducerBuilder<byte[]?, byte[]?>(KafkaClients.Producer(options)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        }
    }

    /// <summary>An idempotent producer that has lost its sequence can only be made anew.</summary>
    private void Replace(IProducer<byte[]?, byte[]?> broken)
    {
        lock (_gate)
        {
            if (_producer == broken)
            {
                _producer = null;
                broken.Dispose();
            }
        }
    }

    private static Message<byte[]?, byte[]?> ToDeadLetter(in FeedMessage message, string reason)
    {
        var headers = new Headers();
        foreach (var (name, value) in message.Headers ?? [])
        {
            headers.Add(name, value);
        }

        headers.Add("reason", Encoding.UTF8.GetBytes(reason));
        headers.Add("source_topic", Encoding.UTF8.GetBytes(message.Delivery.Topic));
        headers.Add("source_partition", Number(message.Delivery.Partition));
        headers.Add("source_offset", Number(message.Delivery.Offset));
        return new Message<byte[]?, byte[]?>
        {
            Key = message.Key.IsEmpty ? null : message.Key.ToArray(),
            Value = message.HasValue ? message.Value.ToArray() : null,
            Headers = headers,
        };
    }

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    [LoggerMessage(EventId = 3011, EventName = "dead_letter_not_written", Level = LogLevel.Error, Message = "Notice dead_letter_not_written: message {Delivery} cannot be read, and could not be written to {Topic}: {Reason}. It is tried again, and its partition waits")]
    private partial void LogNotWritten(string delivery, string topic, string reason);
}
