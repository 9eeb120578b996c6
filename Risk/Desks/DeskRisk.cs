using System.Runtime.InteropServices;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// The risk of one desk: its positions, their sums, the limits in force and the breach episodes. It applies inputs and adds what they changed to a
/// <see cref="DeskStep"/>. It does no I/O and has no clock. Not thread-safe.
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
            desk.Remember(episode);
        }

        foreach (var (key, number) in checkpoint.NumbersTaken)
        {
            desk._numbersTaken[key] = number;
        }

        desk._feedState = checkpoint.FeedState;
        desk.AppliedThrough = checkpoint.AppliedThrough;
        desk.ChooseLimits(checkpoint.LimitsAsOf);
        desk.RestoreUtilisation();
        return desk;
    }

    /// <summary>The desk as of its last sealed record. To be called between two steps.</summary>
    public DeskView ToView(DateTimeOffset? at) => new(
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

    /// <summary>A desk whose journal is lost, from what is left of it: nothing is judged until the feeds named have read a snapshot.</summary>
    /// <param name="sequence">At which the journal continues; above every sequence that was ever reported.</param>
    /// <param name="episodes">The episodes of stored alerts, where they are newer than the desk's own.</param>
    public DeskCheckpoint Repaired(long sequence, IEnumerable<Episode> episodes, IReadOnlyDictionary<EpisodeKey, int> numbersTaken, IReadOnlySet<string> building)
    {
        var own = Checkpoint();
        return own with
        {
            Sequence = sequence,
            Building = building,
            Episodes = [.. own.Episodes.Concat(episodes)
                .GroupBy(episode => episode.Key)
                // Of the same episode take the latest state: cured, or of the highest revision. The desk's own comes first.
                .Select(known => known.OrderByDescending(episode => episode.Number).ThenByDescending(episode => episode.CuredAt is not null).ThenByDescending(episode => episode.Revision).First())],
            NumbersTaken = own.NumbersTaken.Concat(numbersTaken)
                .GroupBy(taken => taken.Key)
                .ToDictionary(taken => taken.Key, taken => taken.Max(number => number.Value)),
            FeedState = FeedState.Unproven,
        };
    }

    /// <summary>The report of an episode as it is now; null where the desk has no such episode.</summary>
    public EpisodeReport? ReportOf(Guid alertId, DateTimeOffset at) => _episodes.Values.FirstOrDefault(episode => episode.AlertId == alertId) is { } episode
        ? new EpisodeReport(Desk, Sequence, episode, _book.Unit, _feedState, at, _book.Context())
        : null;

    /// <summary>How many positions differ from the last fold.</summary>
    public int PositionsToFold => _book.Touched.Count;

    /// <summary>What changed since the last fold, as of <see cref="Sequence"/>. To be called between two steps; the next fold starts from here.</summary>
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

    /// <summary>Applies a record of the desk's own journal again when the desk is loaded.</summary>
    /// <exception cref="InvalidOperationException">The record is not the next one.</exception>
    public void Replay(JournalRecord record)
    {
        if (record.Sequence != Sequence + 1)
        {
            throw new InvalidOperationException($"desk '{Desk}' is at journal sequence {Sequence} and was given record {record.Sequence}; records must follow each other");
        }

        foreach (var input in record.Inputs)
        {
            ApplyInput(input, step: null);
        }

        Sequence = record.Sequence;
        MoveUtilisation();
    }

    /// <summary>Applies an input and adds to a step what it changed.</summary>
    /// <returns>False when it changed nothing that has to be journalled.</returns>
    public bool Apply(DeskInput input, DeskStep step)
    {
        if (!ApplyInput(input, step))
        {
            return false;
        }

        step.Add(input);
        return true;
    }

    /// <summary>Makes the next journal record of a step. The desk counts it as its last record before it is durable.</summary>
    public JournalRecord Seal(DeskStep step, DateTimeOffset at)
    {
        Sequence++;
        return new JournalRecord(Desk, Sequence, at, step.Inputs, step.Episodes, step.Outbox, Totals, Limits.Version, NextValidityInstant) { Utilisation = MoveUtilisation() };
    }

    /// <param name="step">Receives what the input changed; null when a record is applied again, because its reports were sent already.</param>
    private bool ApplyInput(DeskInput input, DeskStep? step)
    {
        var feedState = _feedState;
        var mustBeJournaled = input switch
        {
            ChangesInput changes => ApplyChanges(changes, step),
            LimitsInput limits => ApplyLimits(limits, step),
            ValidityInput validity => ApplyValidity(validity, step),
            NumbersTakenInput numbers => ApplyNumbers(numbers),
            SnapshotCompletedInput snapshot => ApplySnapshot(snapshot, step),
            _ => throw new ArgumentException($"a desk cannot apply an input of type {input.GetType().Name}", nameof(input)),
        };
        if (!mustBeJournaled)
        {
            // An input that is not journalled must change nothing, because a desk that is loaded again would not have it.
            _feedState = feedState;
        }

        return mustBeJournaled;
    }

    /// <returns>True when the input changed something that has to be journalled.</returns>
    private bool ApplyChanges(ChangesInput input, DeskStep? step)
    {
        _feedState = input.FeedState;
        var mustBeJournaled = ApplyProgress(input, step);
        var building = IsBuilding;
        for (var i = 0; i < input.Changes.Count; i++)
        {
            var change = input.Changes[i];
            ref var applied = ref CollectionsMarshal.GetValueRefOrAddDefault(_offsets, change.Delivery.FeedPartition, out var isKnown);
            if (isKnown && change.Delivery.Offset <= applied)
            {
                continue;
            }

            applied = change.Delivery.Offset;
            mustBeJournaled = true;
            if (change.Time is not null && change.CountsFrom(input.At) is var committed && (AppliedThrough is null || committed > AppliedThrough))
            {
                AppliedThrough = committed;
            }

            if (!ApplyChange(change, input))
            {
                // An older state, or a position that is not held here.
                continue;
            }

            step?.CountApplied(1);
            if (!building && IsAnythingToJudge())
            {
                Judge(CauseOf(change, input), change.After, input, step);
            }
        }

        return mustBeJournaled;
    }

    /// <returns>False when the change altered nothing here: an older state of the row, or a position that the desk does not hold.</returns>
    private bool ApplyChange(PositionChange change, ChangesInput input)
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

    private bool ApplyProgress(ChangesInput input, DeskStep? step)
    {
        var mustBeJournaled = false;
        var completed = _completed.GetValueOrDefault(input.Feed);
        if (input.Snapshot.Completed.Generation > completed)
        {
            // The feed could not notify this desk.
            mustBeJournaled = CompleteSnapshot(input.Feed, input.Snapshot.Completed, input, step);
            completed = input.Snapshot.Completed.Generation;
        }

        return input.Snapshot.Generation > completed ? _building.Add(input.Feed) || mustBeJournaled : mustBeJournaled;
    }

    private bool ApplySnapshot(SnapshotCompletedInput input, DeskStep? step)
    {
        _feedState = input.FeedState;
        return CompleteSnapshot(input.Feed, input.Snapshot, input, step);
    }

    private bool CompleteSnapshot(string feed, CompletedSnapshot snapshot, DeskInput input, DeskStep? step)
    {
        if (snapshot.Generation <= _completed.GetValueOrDefault(feed))
        {
            return false;
        }

        _completed[feed] = snapshot.Generation;
        _building.Remove(feed);
        var removed = _book.RemoveUnseen(feed, snapshot.Generation, snapshot.Source);
        step?.CountApplied(removed);
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
