using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Kafka;

internal sealed partial class KafkaConsumer
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Topic {Topic}: partitions {Change}: {Partitions}")]
    private partial void LogRebalanced(string topic, string change, string partitions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topic {Topic}: the client of Kafka reports {Code}: {Reason}")]
    private partial void LogError(string topic, ErrorCode code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: the client does not begin at offset {Offset} ({Reason}). The partition is assigned anew within the client")]
    private partial void LogNotSought(FeedPartition partition, long offset, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Client of Kafka: {Message}")]
    private partial void LogClient(string message);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Topic {Topic}: the client refused a request for a partition that moves: {Reason}")]
    private partial void LogRefused(string topic, string reason);
}
