using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>A stream of change events from outside, in partitions, as bytes.</summary>
public interface IChangeFeed
{
    /// <summary>The feed's name: its topic.</summary>
    string Name { get; }

    /// <summary>Messages take effect in the order in which they are read, across partitions; otherwise only within one.</summary>
    bool IsTotallyOrdered { get; }

    /// <summary>A truncate is the snapshot of an empty table, at its place in the feed's order; otherwise it only casts doubt on what is held.</summary>
    bool TruncateIsEmptySnapshot => false;

    /// <summary>A partition is live when it was read to its end, and not when a message came; for feeds that can be asked where the end is.</summary>
    bool LivesByItsEnds => false;

    /// <summary>The partitions that the feed has now. All of them pass a snapshot before it is complete.</summary>
    Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken);

    /// <summary>How far a partition is done, and where it ends, as far as the feed knows without asking anybody. Safe for several threads.</summary>
    (long? Next, long? End) OffsetsOf(FeedPartition partition) => default;

    /// <summary>
    /// Reads from the given offsets on (0 where none is given) until cancelled, or until the end of a feed that has one. Messages from before them
    /// may come, too: their content distinguishes them from new ones. The messages of a batch, and their bytes, are valid until the next batch is asked for.
    /// </summary>
    IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, CancellationToken cancellationToken);

    /// <summary>Everything before these offsets is done for good: the feed may let go of it.</summary>
    Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken);
}

/// <summary>Some messages, in order; possibly none, when only an end was reached or the feed was found alive.</summary>
/// <param name="EndsReached">Partitions that have nothing more just now, after these messages.</param>
/// <param name="ReadAt">When they were read; a batch without messages says that the feed lives.</param>
/// <param name="Lost">Messages from the offset asked for are no longer there, or the feed was re-created; says what happened. Null: no.</param>
/// <param name="Places">How far the feed itself is, by partitions that it makes up: stored with the offsets once all messages up to here are
/// done, and given back with them. Null: offsets say it all.</param>
/// <param name="CaughtUp">A partition that has been read, with these messages, to where it ended at that time.</param>
/// <param name="IsAnew">The topic was deleted and made anew under its name: its offsets are not those of the stored checkpoint.</param>
/// <param name="MoreFollows">The next messages are there already: these may wait for them, so that the calls to desks become large.</param>
public sealed record FeedBatch(
    IReadOnlyList<FeedMessage> Messages,
    IReadOnlyList<FeedPartition> EndsReached,
    DateTimeOffset ReadAt,
    string? Lost = null,
    IReadOnlyDictionary<FeedPartition, long>? Places = null,
    (FeedPartition Partition, DateTimeOffset At)? CaughtUp = null,
    bool IsAnew = false,
    bool MoreFollows = false);

/// <summary>A message as it was delivered.</summary>
/// <param name="Key">Empty where there is none.</param>
/// <param name="HasValue">False for a null value; the text <c>null</c> is a value of four bytes.</param>
/// <param name="Problem">Why the feed cannot read the message; its value is then what was found instead. Null when it can.</param>
/// <param name="Headers">Null where there are none.</param>
/// <param name="Change">What the message means, where its feed has it as values and not as bytes: key and value are empty then. Null: the bytes say it.</param>
public readonly record struct FeedMessage(
    Delivery Delivery,
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Value,
    bool HasValue,
    string? Problem = null,
    IReadOnlyList<KeyValuePair<string, byte[]?>>? Headers = null,
    ReadChange? Change = null);

/// <summary>A change that its feed has read as values, so that no text has to be written and parsed for it.</summary>
/// <param name="Fingerprint">A number of its content, which shows whether it is the same change where its offset comes again.</param>
public sealed record ReadChange(DecodedMessage.Row Row, long Fingerprint);
