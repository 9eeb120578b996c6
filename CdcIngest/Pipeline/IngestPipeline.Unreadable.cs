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

    /// <summary>So many positions are marked one by one.</summary>
    private const int MaxUnprovenPositions = 1_000;

    private const string UnreadableReason = "a change could not be read; see the dead letters";

    private readonly HashSet<string> _otherTables = new(StringComparer.Ordinal);

    /// <summary>Topics that carry other tables, too.</summary>
    private readonly HashSet<string> _sharedTopics = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unprovenPositions = new(StringComparer.Ordinal);

    /// <summary>The snapshot during or after which a mark was set that holds for all desks; null: none by this run.</summary>
    private int? _allMarkedIn;

    private async ValueTask RecordUnreadableAsync(
        DecodedMessage.Unreadable unreadable, FeedMessage message, PartitionOrder partition, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        _counts.Add("unreadable", "dead_letter");
        metrics.DeadLetter();
        LogUnreadable(message.Delivery, unreadable.Reason);
        var forwarded = owned?.ForwardUnreadable(message, unreadable.Reason, problem => _problem = problem, _dispatcher.Stopping) ?? Task.CompletedTask;
        var stored = deadLetters.AddAsync(
            new DeadLetter(partition.ForDesks(message.Delivery), unreadable.Reason, unreadable.PositionId, message.Key, message.Value, readAt), cancellationToken);
        await Task.WhenAll(forwarded, stored);
        await MarkUnreadableAsync(unreadable.PositionId, message.Delivery, readAt);
    }

    /// <summary>
    /// The mark of a message without a position, or of one too many, holds for all desks until a snapshot that begins later. Until then more marks would say
    /// nothing new, and each of them rewrites the feed's record.
    /// </summary>
    private async ValueTask MarkUnreadableAsync(string? positionId, Delivery delivery, DateTimeOffset readAt)
    {
        if (_allMarkedIn == _snapshot.Generation)
        {
            return;
        }

        if (positionId is not null && _unprovenPositions.Count < MaxUnprovenPositions)
        {
            _unprovenPositions.Add(positionId);
            _doubtfulDeletes.Remove(positionId);
            // The reason may quote the message, and this text is shown to everybody; the dead letters have it.
            await MarkUnprovenAsync(new UnprovenMark(UnreadableReason, positionId, _ownership.DesksOf(positionId), delivery, readAt));
            return;
        }

        await MarkUnprovenAsync(new UnprovenMark(
            positionId is null ? UnreadableReason : $"{UnreadableReason}; there are too many to name their positions", null, [], delivery, readAt));
        _allMarkedIn = _snapshot.Generation;
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
