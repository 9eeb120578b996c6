namespace RiskMonitor.Risk.Topics;

/// <summary>
/// The messages that are stored and not published yet. They are written in the transactions of alerts and desks; a message of an alert or a desk is never
/// stored behind a later one of the same.
/// </summary>
public interface ITopicOutbox
{
    /// <summary>Messages in the order in which those of one alert or desk have to be published.</summary>
    Task<IReadOnlyList<TopicMessage>> NextAsync(int atMost, CancellationToken cancellationToken);

    /// <summary>Removes what was published: these messages, and of each alert or desk all before them.</summary>
    Task RemoveAsync(IReadOnlyCollection<TopicMessage> published, CancellationToken cancellationToken);

    /// <returns>How many messages wait, and since when the oldest does.</returns>
    Task<(long Count, DateTimeOffset? Oldest)> WaitingAsync(CancellationToken cancellationToken);

    /// <summary>Removes messages of before an instant, published or not.</summary>
    /// <returns>How many.</returns>
    Task<int> ExpireAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
