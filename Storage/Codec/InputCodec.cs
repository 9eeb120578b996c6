using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Codec;

/// <summary>The binary form of a desk's inputs.</summary>
internal static class InputCodec
{
    private const byte Changes = 1;
    private const byte Limits = 2;
    private const byte Validity = 3;
    private const byte SnapshotCompleted = 4;
    private const byte NumbersTaken = 5;

    public static void Write(CodecWriter to, DeskInput input)
    {
        switch (input)
        {
            case ChangesInput changes:
                to.Byte(Changes);
                to.Instant(changes.At);
                Write(to, changes);
                break;
            case LimitsInput limits:
                to.Byte(Limits);
                to.Instant(limits.At);
                LimitCodec.Write(to, limits.Limits);
                break;
            case ValidityInput:
                to.Byte(Validity);
                to.Instant(input.At);
                break;
            case SnapshotCompletedInput completed:
                to.Byte(SnapshotCompleted);
                to.Instant(completed.At);
                to.String(completed.Feed);
                Write(to, completed.Snapshot);
                to.Byte((byte)completed.FeedState);
                break;
            case NumbersTakenInput taken:
                to.Byte(NumbersTaken);
                to.Instant(taken.At);
                WriteNumbers(to, taken.Numbers);
                break;
            default:
                throw new ArgumentException($"inputs of type {input.GetType().Name} have no stored form", nameof(input));
        }
    }

    public static DeskInput Read(ref CodecReader from)
    {
        var kind = from.Byte();
        var at = from.Instant();
        return kind switch
        {
            Changes => ReadChanges(ref from, at),
            Limits => new LimitsInput(at, LimitCodec.ReadSet(ref from)),
            Validity => new ValidityInput(at),
            SnapshotCompleted => new SnapshotCompletedInput(at, from.String(), ReadCompleted(ref from), (FeedState)from.Byte()),
            NumbersTaken => new NumbersTakenInput(at, ReadNumbers(ref from)),
            _ => throw new InvalidDataException($"a stored input is of kind {kind}, which this program does not know: run the version that wrote it, or a newer one"),
        };
    }

    public static void WriteNumbers(CodecWriter to, IReadOnlyDictionary<EpisodeKey, int> numbers)
    {
        to.Count(numbers.Count);
        foreach (var (key, number) in numbers)
        {
            EpisodeCodec.Write(to, key);
            to.Int(number);
        }
    }

    public static Dictionary<EpisodeKey, int> ReadNumbers(ref CodecReader from)
    {
        var count = from.Count();
        var numbers = new Dictionary<EpisodeKey, int>(count);
        for (var i = 0; i < count; i++)
        {
            numbers.Add(EpisodeCodec.ReadKey(ref from), from.Int());
        }

        return numbers;
    }

    private static void Write(CodecWriter to, ChangesInput input)
    {
        to.String(input.Feed);
        to.Int(input.Snapshot.Generation);
        Write(to, input.Snapshot.Completed);
        to.Byte((byte)input.FeedState);
        to.Instant(input.IngestedAt);
        to.Count(input.Changes.Count);
        foreach (var change in input.Changes)
        {
            PositionCodec.Write(to, change);
        }
    }

    private static ChangesInput ReadChanges(ref CodecReader from, DateTimeOffset at)
    {
        var feed = from.String();
        var snapshot = new SnapshotProgress(from.Int(), ReadCompleted(ref from));
        var feedState = (FeedState)from.Byte();
        var ingestedAt = from.Instant();
        var changes = new PositionChange[from.Count()];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = PositionCodec.ReadChange(ref from);
        }

        return new ChangesInput(at, feed, changes, snapshot, feedState, ingestedAt);
    }

    private static void Write(CodecWriter to, CompletedSnapshot snapshot)
    {
        to.Int(snapshot.Generation);
        PositionCodec.Write(to, snapshot.LastRow);
        PositionCodec.Write(to, snapshot.Source);
    }

    /// <remarks>The first version of journal records did not know where a snapshot was taken.</remarks>
    private static CompletedSnapshot ReadCompleted(ref CodecReader from) =>
        new(from.Int(), PositionCodec.ReadDeliveryOrNull(ref from), from.Version >= 2 ? PositionCodec.ReadSourceOrNull(ref from) : null);
}
