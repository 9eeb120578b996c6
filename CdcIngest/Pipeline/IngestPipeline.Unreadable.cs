using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

// Messages that are not applied: they cannot be read, or they are rows of other tables. Both are counted and reported.
internal sealed partial class IngestPipeline
{
    /// <summary>So many names of other tables are logged; rows of further tables are only counted.</summary>
    private const int MaxLoggedTables = 100;

    private readonly HashSet<string> _otherTables = new(StringComparer.Ordinal);

    /// <summary>Topics that carry other tables, too.</summary>
    private readonly HashSet<string> _sharedTopics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unprovenPositions = new(StringComparer.Ordinal);

    private async ValueTask RecordUnreadableAsync(
        DecodedMessage.Unreadable unreadable, FeedMessage message, PartitionOrder partition, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        _counts.Add("unreadable", "dead_letter");
        metrics.DeadLetter();
        LogUnreadable(message.Delivery, unreadable.Reason);
        if (owned is not null)
        {
            await owned.ForwardUnreadable(message, unreadable.Reason, problem => _problem = problem, _dispatcher.Stopping);
        }

        await deadLetters.AddAsync(
            new DeadLetter(partition.ForDesks(message.Delivery), unreadable.Reason, unreadable.PositionId, message.Key, message.Value, readAt), cancellationToken);
        if (unreadable.PositionId is { } positionId)
        {
            _unprovenPositions.Add(positionId);
        }

        await MarkUnprovenAsync(new UnprovenMark(
            // The reason may quote the message, and this text is shown to everybody; the dead letters have it.
            "a change could not be read; see the dead letters",
            unreadable.PositionId,
            unreadable.PositionId is null ? [] : _ownership.DesksOf(unreadable.PositionId),
            message.Delivery,
            readAt));
    }

    private async ValueTask CountOtherTableAsync(DecodedMessage.OtherTable other, Delivery delivery, DateTimeOffset readAt)
    {
        _counts.Add("other_table", "counted");
        if (!other.IsKnownFromTopic && _sharedTopics.Add(delivery.Topic) && _topicsWithAppliedTombstones.Contains(delivery.Topic))
        {
            await MarkUnprovenAsync(new UnprovenMark(
                "null values were taken for deletes in a topic that has turned out to carry other tables, too: they may have been of those tables",
                null, [], delivery, readAt));
        }

        if (_otherTables.Count < MaxLoggedTables && _otherTables.Add(other.Table))
        {
            LogOtherTable(feed.Name, Printable(other.Table), delivery.FeedPartition, _otherTables.Count == MaxLoggedTables ? "; more tables are not named" : "");
        }
    }

    private static string Printable(string name) =>
        string.Concat((name.Length > 100 ? name[..100] + "…" : name).Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
}
