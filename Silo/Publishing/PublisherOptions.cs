namespace RiskMonitor.Silo.Publishing;

/// <summary>How the topic of alerts is published. The host takes the values from the section of Kafka.</summary>
/// <param name="Interval">How often new messages are looked for.</param>
/// <param name="Retention">A message that could not be published for so long is given up.</param>
public sealed record PublisherOptions(TimeSpan Interval, TimeSpan Retention)
{
    /// <summary>Messages of one transaction.</summary>
    public int MaxBatch { get; init; } = 500;

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often waiting messages are counted while they cannot be published, and old ones given up.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each silo asks for the publisher, which keeps it active.</summary>
    public TimeSpan KeepInterval { get; init; } = TimeSpan.FromSeconds(1);
}
