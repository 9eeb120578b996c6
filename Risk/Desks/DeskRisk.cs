using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// The risk of one desk: its positions, their sums, the limits in force and the breach episodes. It is told inputs and says what came of
/// them; it does no I/O and has no clock. Not thread-safe.
/// </summary>
public sealed partial class DeskRisk
{
    private readonly Dictionary<FeedPartition, long> _offsets = [];
    private readonly DeskBook _book = new();
    private readonly Dictionary<string, int> _completed = [];
    private readonly HashSet<string> _building = [];

    public DeskRisk(string desk)
    {
        Desk = desk;
        ChooseLimits(DateTimeOffset.MinValue);
    }

    public string Desk { get; }

    /// <summary>Sequence of the last journal record applied; 0 for a desk that has none.</summary>
    public long Sequence { get; private set; }

    public LimitSet Limits { get; private set; } = LimitSet.Empty;

    public Totals Totals => _book.Totals;

    /// <summary>A snapshot is being read: figures grow, and nothing is judged until it is complete.</summary>
    public bool IsBuilding => _building.Count > 0;

    public int PositionCount => _book.Count;

    public HeldPosition? Find(string positionId) => _book.Find(positionId);

    public IEnumerable<HeldPosition> Positions => _book.Positions;

    /// <summary>Loads a desk as it was folded. The journal's records after <see cref="DeskCheckpoint.Sequence"/> are to be replayed on it.</summary>
    public static DeskRisk Restore(DeskCheckpoint checkpoint, IEnumerable<HeldPosition> positions)
    {
        var desk = new DeskRisk(checkpoint.Desk) { Sequence = checkpoint.Sequence, Limits = checkpoint.Limits };
        foreach (var (partition, offset) in checkpoint.Offsets)
        {
            desk._offsets[partition] = offset;
        }

        foreach (var (feed, generation) in checkpoint.Completed)
        {
            desk._completed[feed] = generation;
        }

        desk._building.UnionWith(checkpoint.Building);
        foreach (var position in positions)
        {
            desk._book.Put(position);
        }

        desk._book.ForgetTouched();

        foreach (var episode in checkpoint.Episodes)
        {
            desk._episodes[episode.Key] = episode;
        }

        foreach (var (key, number) in checkpoint.NumbersTaken)
        {
            desk._numbersTaken[key] = number;
        }

        desk._feedState = checkpoint.FeedState;
        desk.AppliedThrough = checkpoint.AppliedThrough;
        desk.ChooseLimits(checkpoint.LimitsAsOf);
        return desk;
    }

    /// <summary>The desk as its last sealed record left it. Only true between steps.</summary>
    public DeskView Picture(DateTimeOffset? at) => new(
        Desk,
        Sequence,
        at,
        _book.Totals,
        _book.Unit,
        _book.OldestDeltaAt,
        IsBuilding,
        Limits,
        _limitsAsOf,
        [.. OpenEpisodes],
        new Dictionary<FeedPartition, long>(_offsets),
        _book.Breakdown());

    public DeskCheckpoint Checkpoint() => new(
        Desk,
        Sequence,
        new Dictionary<FeedPartition, long>(_offsets),
        new Dictionary<string, int>(_completed),
        new HashSet<string>(_building),
        Limits,
        _limitsAsOf,
        [.. _episodes.Values],
        new Dictionary<EpisodeKey, int>(_numbersTaken),
        _feedState,
        AppliedThrough);

    /// <summary>A desk whose journal is gone, from what is known of it: nothing is judged until the feeds named have read a snapshot.</summary>
    /// <param name="sequence">At which it goes on; above every sequence that anything was told under.</param>
    /// <param name="episodes">Those that alerts know, where they are newer than the desk's own.</param>
    public DeskCheckpoint Repaired(long sequence, IEnumerable<Episode> episodes, IReadOnlyDictionary<EpisodeKey, int> numbersTaken, IReadOnlySet<string> building)
    {
        var own = Checkpoint();
        return own with
        {
            Sequence = sequence,
            Building = building,
            Episodes = [.. own.Episodes.Concat(episodes)
                .GroupBy(episode => episode.Key)
                // Of the same episode the one that knows most: cured, or of the highest revision. The desk's own comes first.
                .Select(known => known.OrderByDescending(episode => episode.Number).ThenByDescending(episode => episode.CuredAt is not null).ThenByDescending(episode => episode.Revision).First())],
            NumbersTaken = own.NumbersTaken.Concat(numbersTaken)
                .GroupBy(taken => taken.Key)
                .ToDictionary(taken => taken.Key, taken => taken.Max(number => number.Value)),
            FeedState = FeedState.Unproven,
        };
    }

    /// <summary>The report of an episode as it stands; null where the desk does not know it.</summary>
    public EpisodeReport? ReportOf(Guid alertId, DateTimeOffset at) => _episodes.Values.FirstOrDefault(episode => episode.AlertId == alertId) is { } episode
        ? new EpisodeReport(Desk, Sequence, episode, _book.Unit, _feedState, at, _book.Context())
        : null;

    /// <summary>How many positions differ from the last fold.</summary>
    public int PositionsToFold => _book.Touched.Count;

    /// <summary>What changed since the last fold, as of <see cref="Sequence"/>. Only true between steps; the next fold starts from here.</summary>
    /// <param name="foldedBefore">Sequence of the last fold; 0 for none.</param>
    public DeskFold Fold(long foldedBefore)
    {
        var changed = new List<HeldPosition>();
        var removed = new List<string>();
        foreach (var positionId in _book.Touched)
        {
            if (_book.Find(positionId) is { } held)
            {
                changed.Add(held);
            }
            else
            {
                removed.Add(positionId);
            }
        }

        _book.ForgetTouched();
        return new DeskFold(foldedBefore, Checkpoint(), changed, removed);
    }

    /// <summary>Applies a record of the desk's own journal again, at start.</summary>
    /// <exception cref="InvalidOperationException">The record is not the next one.</exception>
    public void Replay(JournalRecord record)
    {
        if (record.Sequence != Sequence + 1)
        {
            throw new InvalidOperationException($"desk '{Desk}' is at journal sequence {Sequence} and was given record {record.Sequence}; records must follow each other");
        }

        var step = new DeskStep(this);
        foreach (var input in record.Inputs)
        {
            step.Apply(input);
        }

        Sequence = record.Sequence;
    }

    internal void Seal(long sequence) => Sequence = sequence;

    internal bool Apply(DeskInput input, DeskStep step)
    {
        var feedState = _feedState;
        var remembered = input switch
        {
            ChangesInput changes => ApplyChanges(changes, step),
            LimitsInput limits => ApplyLimits(limits, step),
            ValidityInput validity => ApplyValidity(validity, step),
            NumbersTakenInput numbers => ApplyNumbers(numbers),
            SnapshotCompletedInput snapshot => ApplySnapshot(snapshot, step),
            _ => throw new ArgumentException($"a desk does not know inputs of type {input.GetType().Name}", nameof(input)),
        };
        if (!remembered)
        {
            // What is not in the journal must leave no trace: a desk that is loaded again would not have it.
            _feedState = feedState;
        }

        return remembered;
    }

    /// <returns>True when anything had to be remembered.</returns>
    private bool ApplyChanges(ChangesInput input, DeskStep step)
    {
        _feedState = input.FeedState;
        var remembered = AbsorbProgress(input, step);
        var building = IsBuilding;
        for (var i = 0; i < input.Changes.Count; i++)
        {
            var change = input.Changes[i];
            var partition = change.Delivery.FeedPartition;
            if (_offsets.TryGetValue(partition, out var applied) && change.Delivery.Offset <= applied)
            {
                continue;
            }

            _offsets[partition] = change.Delivery.Offset;
            remembered = true;
            if (change.Time is not null && change.CountsFrom(input.At) is var committed && (AppliedThrough is null || committed > AppliedThrough))
            {
                AppliedThrough = committed;
            }

            if (!Apply(change, input))
            {
                // An older state, or a position that is not held here.
                continue;
            }

            step.Applied++;
            if (!building)
            {
                Judge(CauseOf(change, input), change.After, input, step);
            }
        }

        return remembered;
    }

    /// <returns>False when the change altered nothing here: an older state of the row, or a position that the desk does not hold.</returns>
    private bool Apply(PositionChange change, ChangesInput input)
    {
        var held = _book.Find(change.PositionId);

        // Within one generation the source's log orders the states of a row, whichever partition brought them. A new generation may
        // belong to a new log order.
        if (held is not null
            && held.Generation == input.Snapshot.Generation
            && held.Source is { } known
            && change.Source is { } source
            && source.IsBefore(known))
        {
            return false;
        }

        if (change.After is { } row)
        {
            _book.Put(new HeldPosition(row, change.Source, input.Feed, input.Snapshot.Generation));
            return true;
        }

        return held is not null && _book.Remove(change.PositionId);
    }

    private bool AbsorbProgress(ChangesInput input, DeskStep step)
    {
        var remembered = false;
        var completed = _completed.GetValueOrDefault(input.Feed);
        if (input.Snapshot.Completed.Generation > completed)
        {
            // The call that would have said so missed this desk.
            remembered = CompleteSnapshot(input.Feed, input.Snapshot.Completed, input, step);
            completed = input.Snapshot.Completed.Generation;
        }

        return input.Snapshot.Generation > completed ? _building.Add(input.Feed) || remembered : remembered;
    }

    private bool ApplySnapshot(SnapshotCompletedInput input, DeskStep step)
    {
        _feedState = input.FeedState;
        return CompleteSnapshot(input.Feed, input.Snapshot, input, step);
    }

    private bool CompleteSnapshot(string feed, CompletedSnapshot snapshot, DeskInput input, DeskStep step)
    {
        if (snapshot.Generation <= _completed.GetValueOrDefault(feed))
        {
            return false;
        }

        _completed[feed] = snapshot.Generation;
        _building.Remove(feed);
        step.Applied += _book.RemoveUnseen(feed, snapshot.Generation);
        if (!IsBuilding)
        {
            Judge(new BreachCause(CauseKind.Snapshot, snapshot.LastRow, null, null, null, null, null), null, input, step);
        }

        return true;
    }

    private static BreachCause CauseOf(PositionChange change, ChangesInput input) => new(
        CauseKind.Position,
        change.Delivery,
        change.PositionId,
        change.Source,
        change.TransactionId,
        change.Time,
        input.IngestedAt);
}
