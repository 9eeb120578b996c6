namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// Whether the ingest of a Kafka topic has ever been able to work: the brokers have let it in, have the topic, and have taken it into the consumer group. From
/// then on it stays ready, because brokers that go away later are no reason to replace the process. A rollout whose settings are wrong stands still at the
/// first new process.
/// </summary>
public sealed class KafkaReadiness
{
    private volatile bool _isMember;

    public bool IsReady => _isMember;

    /// <summary>The group has given the ingest its partitions; of more ingests than partitions some get none.</summary>
    internal void OnMember() => _isMember = true;
}
