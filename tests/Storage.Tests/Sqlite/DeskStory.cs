using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>
/// A desk's life over some days, drawn from a seed: batches of changes from two partitions that overtake each other, late, repeated, without time
/// or with an absurd one; limits, snapshots, folds, kept states, pruning and restarts in between.
/// </summary>
internal sealed class DeskStory(int seed) : IAsyncDisposable
{
    public const string Desk = "Rates/EMEA";

    private readonly Random _random = new(seed);
    private readonly List<PositionChange> _sent = [];
    private readonly long[] _offsets = new long[2];
    private TestDatabase _first = null!;
    private TestDatabase _process = null!;
    private DeskRisk _risk = new(Desk);
    private long _folded;
    private long _sourceOffset;
    private SnapshotProgress _snapshot;
    private long _limitsVersion;

    public List<JournalRecord> Records { get; } = [];

    public DateTimeOffset Now { get; private set; } = Samples.Noon;

    /// <summary>Exact answers are promised from here on.</summary>
    public DateTimeOffset ExactFrom { get; private set; } = DateTimeOffset.MinValue;

    public IDeskHistory History => _process.Get<IDeskHistory>();

    private TestJournal Journal => _process.Journal;

    public static async Task<DeskStory> BeginAsync(TestServer server, int seed)
    {
        var story = new DeskStory(seed);
        story._first = story._process = await server.CreateAsync(story.Options);
        while (story.Records.Count == 0)
        {
            await story.RecordAsync();
        }

        return story;
    }

    /// <summary>The next thing that happens.</summary>
    public async Task GoOnAsync()
    {
        Now += _random.Next(3) == 0 ? TimeSpan.FromMinutes(_random.Next(300)) : TimeSpan.FromMilliseconds(_random.Next(2_000));
        switch (_random.Next(12))
        {
            case 0 or 1:
                await FoldAsync();
                break;
            case 2 or 3:
                await FoldAsync();
                await _process.Get<IJournalRetention>().KeepStatesAsync(Now, default);
                break;
            case 4:
                while (await _process.Get<IJournalRetention>().PruneAsync(Now, default) > 0)
                {
                }

                ExactFrom = Now - _process.Get<StorageOptions>().JournalRetention;
                break;
            case 5:
                await RestartAsync();
                break;
            default:
                await RecordAsync();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process != _first)
        {
            await _process.DisposeAsync();
        }

        await _first.DisposeAsync();
    }

    // The same for every process of a story.
    private void Options(StorageOptions options)
    {
        var random = new Random(seed);
        options.StateInterval = TimeSpan.FromMinutes(random.Next(1, 2_000));
        options.StateAfterBytes = random.Next(3) == 0 ? 1 : 1_000_000;
        options.JournalRetention = TimeSpan.FromHours(random.Next(48));
        options.StateRetention = options.JournalRetention + TimeSpan.FromDays(random.Next(1, 4));
    }

    private async Task FoldAsync()
    {
        if (_risk.Sequence > _folded)
        {
            Assert.True(await Journal.FoldAsync(_risk.Fold(_folded), default));
            _folded = _risk.Sequence;
        }
    }

    private async Task RestartAsync()
    {
        if (_process != _first)
        {
            await _process.DisposeAsync();
        }

        _process = await _first.OpenAgainAsync(Options);
        var stored = await Journal.LoadAsync(Desk, default);
        _risk = stored.Checkpoint is { } checkpoint ? DeskRisk.Restore(checkpoint, stored.Positions) : new DeskRisk(Desk);
        _folded = stored.Checkpoint?.Sequence ?? 0;
        foreach (var record in stored.Tail)
        {
            _risk.Replay(record);
        }
    }

    private async Task RecordAsync()
    {
        var step = new DeskStep();
        for (var inputs = _random.Next(1, 4); inputs > 0; inputs--)
        {
            _risk.Apply(Input(), step);
        }

        if (!step.IsEmpty)
        {
            var record = _risk.Seal(step, Now.AddMilliseconds(1));
            Records.Add(record);
            await Journal.AppendAsync(record, default);
        }
    }

    private DeskInput Input()
    {
        switch (_random.Next(12))
        {
            case 0:
                return new LimitsInput(Now, Limits());
            case 1:
                return new ValidityInput(Now);
            case 2 when _snapshot.IsBuilding:
                _snapshot = _snapshot with { Completed = new CompletedSnapshot(_snapshot.Generation, null) };
                return new SnapshotCompletedInput(Now, Samples.Feed, _snapshot.Completed, Any<FeedState>());
            case 3 when !_snapshot.IsBuilding:
                _snapshot = _snapshot with { Generation = _snapshot.Generation + 1 };
                break;
        }

        var changes = Enumerable.Range(0, _random.Next(1, 6)).Select(_ => _random.Next(8) == 0 && _sent.Count > 0 ? _sent[_random.Next(_sent.Count)] : Change()).ToList();
        _sent.AddRange(changes);
        return new ChangesInput(Now, Samples.Feed, changes, _snapshot, Any<FeedState>(), Now);
    }

    private PositionChange Change()
    {
        var partition = _random.Next(2);
        var position = $"p-{_random.Next(6)}";
        return new PositionChange(
            new Delivery(Samples.Feed, partition, ++_offsets[partition]),
            position,
            _random.Next(4) == 0 ? null : Samples.Change(Desk, position, _random.Next(6) == 0 ? null : _random.Next(-20_000, 20_000) / 10m, 0).After! with
            {
                TraderId = $"t-{_random.Next(3)}",
                SecurityId = $"s-{_random.Next(3)}",
                Quantity = _random.Next(-100_000, 100_000) / 10_000m,
                Currency = _random.Next(4) == 0 ? "EUR" : "USD",
            },
            _random.Next(3) == 0 ? null : new SourcePosition("binlog", 1, _sourceOffset += _random.Next(-30, 60), 0),
            null,
            _random.Next(8) == 0 ? null : new SourceTime(CommittedAt(), false, null));
    }

    private DateTimeOffset CommittedAt() => _random.Next(20) switch
    {
        0 => Now.AddHours(-_random.Next(100)),
        1 => Now.AddMinutes(_random.Next(61)),
        2 => Now.AddDays(_random.Next(1, 1_000)),
        3 => new DateTimeOffset(Now.Ticks - (Now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
        _ => Now.AddMilliseconds(-_random.Next(3_000)),
    };

    private LimitSet Limits() => new(
        ++_limitsVersion,
        AlertingScope.Default,
        [Samples.Limit("house", _random.Next(2_000)) with { ValidTo = _random.Next(2) == 0 ? Now.AddMinutes(_random.Next(600)) : null }]);

    private T Any<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];
}
