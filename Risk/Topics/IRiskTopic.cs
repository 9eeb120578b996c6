namespace RiskMonitor.Risk.Topics;

/// <summary>The topic <c>risk_alerts</c>, as its publisher writes it.</summary>
public interface IRiskTopic
{
    /// <summary>Becomes the publisher. Whoever was it before cannot publish any more.</summary>
    /// <exception cref="TopicUnavailableException">The brokers do not answer, or refuse.</exception>
    Task<IRiskTopicWriter> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>The right to publish.</summary>
public interface IRiskTopicWriter : IAsyncDisposable
{
    /// <summary>Publishes messages in their order. They are in the topic, all of them, when the task ends.</summary>
    /// <exception cref="TopicMessageRefusedException">A message can never be published, however often it is tried; none was.</exception>
    /// <exception cref="TopicFencedException">Somebody else publishes.</exception>
    /// <exception cref="TopicUnavailableException">They may be in the topic or not, and have to be published again, by a writer that is opened anew.</exception>
    Task PublishAsync(IReadOnlyList<TopicMessage> messages, CancellationToken cancellationToken);
}

/// <summary>The topic cannot be written now.</summary>
public sealed class TopicUnavailableException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>The brokers take such a message never.</summary>
public sealed class TopicMessageRefusedException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>Another publisher has been opened since.</summary>
public sealed class TopicFencedException(string reason, Exception? inner = null) : Exception(reason, inner);
