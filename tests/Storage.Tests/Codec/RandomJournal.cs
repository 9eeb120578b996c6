using System.Text;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.Codec;

/// <summary>Records and checkpoints with every part present or absent, any sign, scale, text and time.</summary>
internal sealed class RandomJournal(int seed)
{
    private readonly Random _random = new(seed);

    public JournalRecord Record() => new(
        Text(),
        Number(),
        Instant(),
        List(Input),
        List(Episode),
        List(Report),
        Totals(),
        Number(),
        Maybe(Instant));

    public DeskCheckpoint Checkpoint() => new(
        Text(),
        Number(),
        Map(() => new FeedPartition(Text(), Small()), Number),
        Map(Text, Small),
        List(Text).ToHashSet(),
        Limits(),
        Instant(),
        List(Episode),
        Map(Key, Small),
        Any<FeedState>(),
        Maybe(Instant));

    /// <summary>Positions with ids of their own, in amounts that can be summed.</summary>
    public List<HeldPosition> Positions() =>
    [
        .. List(() => new HeldPosition(
            Position(Text()) with { Quantity = _random.Next(), Delta = Maybe(() => (decimal)_random.Next()) }, Maybe(Source), Text(), Small()))
            .DistinctBy(held => held.Row.PositionId),
    ];

    private DeskInput Input() => _random.Next(5) switch
    {
        0 => new ChangesInput(Instant(), Text(), List(Change), new SnapshotProgress(Small(), Completed()), Any<FeedState>(), Instant()),
        1 => new LimitsInput(Instant(), Limits()),
        2 => new ValidityInput(Instant()),
        3 => new SnapshotCompletedInput(Instant(), Text(), Completed(), Any<FeedState>()),
        _ => new NumbersTakenInput(Instant(), Map(Key, Small)),
    };

    private PositionChange Change()
    {
        var positionId = Text();
        return new PositionChange(
            Delivery(),
            positionId,
            Yes() ? Position(Yes() ? positionId : Text()) : null,
            Maybe(Source),
            Yes() ? Text() : null,
            Maybe(Time));
    }

    private Position Position(string positionId) => new(
        positionId,
        Text(),
        Text(),
        Text(),
        Money(),
        Maybe(Money),
        DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber + 1)),
        Text(),
        Maybe(Instant));

    private Episode Episode() => new()
    {
        Key = Key(),
        Number = Small(),
        AlertId = Guid.NewGuid(),
        OpenedAt = Instant(),
        OpenedValue = Money(),
        Cause = new BreachCause(Any<CauseKind>(), Maybe(Delivery), Yes() ? Text() : null, Maybe(Source), Yes() ? Text() : null, Maybe(Time), Maybe(Instant)),
        Limit = new LimitReference(Text(), Small()),
        Value = Money(),
        Unit = Text(),
        Threshold = Money(),
        Severity = Any<Severity>(),
        Revision = Small(),
        PeakValue = Money(),
        PeakAt = Instant(),
        CuredAt = Maybe(Instant),
        CureReason = Maybe(Any<CureReason>),
        Transient = Yes(),
    };

    private EpisodeReport Report() => new(
        Text(),
        Number(),
        Episode(),
        Text(),
        Any<FeedState>(),
        Instant(),
        new BreachContext(Totals(), List(Group), List(Group), List(Group), Maybe(Instant)));

    private LimitSet Limits() => new(
        Number(),
        new AlertingScope(Text(), Text()),
        List(() => new RiskLimit(
            Text(),
            Text(),
            Any<LimitScope>(),
            Text(),
            Any<RiskMetric>(),
            Text(),
            Money(),
            Money(),
            Money(),
            new SeveritySteps(Money(), Money()),
            Yes() ? Text() : null,
            Maybe(Instant),
            Maybe(Instant),
            Small(),
            Text(),
            Text())));

    private EpisodeKey Key() => new(Any<RiskMetric>(), Text(), Text());

    private Group Group() => new(Text(), Text(), Totals());

    private Totals Totals() => new(Money(), Money(), Small(), Small());

    private Delivery Delivery() => new(Text(), Small(), Number());

    private SourcePosition Source() => new(Text(), Number(), Number(), Small());

    private SourceTime Time() => new(Instant(), Yes(), Maybe(Instant));

    private CompletedSnapshot Completed() => new(Small(), Maybe(Delivery), Maybe(Source));

    private decimal Money() => _random.Next(4) switch
    {
        0 => 0m,
        1 => _random.Next(-1_000_000, 1_000_000) / 10_000m,
        2 => Yes() ? decimal.MaxValue : decimal.MinValue,
        _ => new decimal(_random.Next(), _random.Next(), _random.Next(), Yes(), (byte)_random.Next(29)),
    };

    private DateTimeOffset Instant() => new(_random.NextInt64(DateTimeOffset.MaxValue.Ticks + 1), TimeSpan.Zero);

    private long Number() => _random.Next(3) switch
    {
        0 => _random.Next(100),
        1 => -_random.NextInt64(),
        _ => long.MaxValue - _random.Next(2),
    };

    private int Small() => Yes() ? _random.Next(100) : int.MinValue + _random.Next(100);

    // Few of them, so that they repeat; some beyond ASCII, one empty.
    private string Text() => _random.Next(6) switch
    {
        0 => "",
        1 => "Zins/Derivate \u00e4\u6f22\U0001f4c8",
        2 => new string('x', _random.Next(300)),
        3 => new Rune(_random.Next(0x10000, 0x10FFFF)).ToString(),
        _ => $"p-{_random.Next(5)}",
    };

    private bool Yes() => _random.Next(2) == 0;

    private T? Maybe<T>(Func<T> make)
        where T : struct => Yes() ? make() : null;

    private T Any<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

    private List<T> List<T>(Func<T> make) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => make())];

    private Dictionary<TKey, TValue> Map<TKey, TValue>(Func<TKey> key, Func<TValue> value)
        where TKey : notnull => List(key).Distinct().ToDictionary(known => known, _ => value());
}
