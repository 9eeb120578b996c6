using Confluent.Kafka;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// The topic on Kafka. Its publisher has a transactional id, so the brokers themselves refuse one that another has replaced: not even a publisher that stood
/// still for a minute can write behind its successor.
/// </summary>
internal sealed class KafkaRiskTopic(AlertTopicOptions options, string serviceId) : IRiskTopic
{
    public async Task<IRiskTopicWriter> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var errors = new ClientErrors(TimeProvider.System);
        var producer = KafkaClients.BuildProducer(KafkaClients.TransactionalProducer(options, $"{serviceId}.{options.AlertTopic}"), errors);
        try
        {
            await KafkaRiskTopicWriter.BlockingAsync(() => producer.InitTransactions(options.RequestTimeout));
            return new KafkaRiskTopicWriter(producer, errors, options);
        }
        catch (Exception exception)
        {
            producer.Dispose();
            throw exception is KafkaException failed ? new TopicUnavailableException(errors.Explain(failed.Error.Reason), failed) : exception;
        }
    }
}
