using System.Globalization;
using System.Text;
using Confluent.Kafka;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Publishes each batch as one transaction of Kafka. Messages are CloudEvents in binary mode: attributes in headers, the body as value.</summary>
internal sealed class KafkaRiskTopicWriter(IProducer<byte[]?, byte[]?> producer, ClientErrors errors, AlertTopicOptions options) : IRiskTopicWriter
{
    public async Task PublishAsync(IReadOnlyList<TopicMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            producer.BeginTransaction();
            var written = messages.Select(message => producer.ProduceAsync(options.AlertTopic, ToKafka(message), CancellationToken.None)).ToList();
            // Not cancelled: the client must not be closed while a call of it runs, and each ends within its time limit.
            await Task.WhenAll(written);
            await BlockingAsync(() => producer.CommitTransaction(options.RequestTimeout));
        }
        catch (KafkaException failed)
        {
            var reason = await AbortAsync() ?? failed;
            throw (Fenced(reason) ?? Fenced(failed)) is { } fenced ? fenced
                : failed.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord ? new TopicMessageRefusedException(failed.Error.Reason, failed)
                : new TopicUnavailableException(errors.Explain(failed.Error.Reason), failed);
        }
    }

    public ValueTask DisposeAsync()
    {
        producer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The client's transaction calls block, for at most their time limit; they get a thread of their own.</summary>
    internal static Task BlockingAsync(Action call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes the transaction back. A write that fails does not say why a producer may not write any more; this does.</summary>
    /// <returns>Null: it is taken back.</returns>
    private async Task<KafkaException?> AbortAsync()
    {
        try
        {
            await BlockingAsync(() => producer.AbortTransaction(options.RequestTimeout));
            return null;
        }
        catch (KafkaException failed)
        {
            return failed;
        }
    }

    private static TopicFencedException? Fenced(KafkaException failed) =>
        failed.Error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.TransactionCoordinatorFenced
            ? new TopicFencedException(failed.Error.Reason, failed)
            : null;

    private Message<byte[]?, byte[]?> ToKafka(TopicMessage message)
    {
        var headers = new Headers
        {
            { "content-type", "application/json"u8.ToArray() },
            { "ce_specversion", "1.0"u8.ToArray() },
            { "ce_id", Text(message.Id) },
            { "ce_source", Text("riskmonitor") },
            { "ce_type", Text(message.Type) },
            { "ce_time", Text(AlertDocument.Time(message.At)) },
            { "ce_subject", Text(message.Place.Key) },
            { "ce_sequence", Text(string.Create(CultureInfo.InvariantCulture, $"{message.Place.Sequence}.{message.Place.Part}")) },
            { "clearance", Text(options.AlertClearance.ToString().ToLowerInvariant()) },
        };
        if (message.TraceParent is { } trace)
        {
            headers.Add("traceparent", Text(trace));
        }

        return new Message<byte[]?, byte[]?> { Key = Text(message.Place.Key), Value = Text(message.Body), Headers = headers };
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
