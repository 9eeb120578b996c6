using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>What a desk was, by the plainest reading of its journal: each change that was committed by then, one after the other; everything else that had been told by then.</summary>
internal sealed class NaivePast
{
    private readonly Dictionary<string, (Position Row, SourcePosition? Source, int Generation)> _rows = [];
    private readonly HashSet<(FeedPartition, long)> _delivered = [];
    private int _completed;

    public NaivePast(IEnumerable<JournalRecord> records, DateTimeOffset asOf)
    {
        foreach (var input in records.SelectMany(record => record.Inputs))
        {
            Take(input, asOf);
        }
    }

    public IEnumerable<Position> Rows => _rows.Values.Select(held => held.Row);

    public decimal Net => Rows.Sum(row => row.Delta ?? 0);

    public decimal Gross => Rows.Sum(row => Math.Abs(row.Delta ?? 0));

    public bool IsBuilding { get; private set; }

    public FeedState FeedState { get; private set; }

    public DateTimeOffset? AppliedThrough { get; private set; }

    public LimitSet Limits { get; private set; } = LimitSet.Empty;

    public static DateTimeOffset CountsFrom(PositionChange change, DateTimeOffset takenIn) =>
        change.Time is { } time && time.CommittedAt <= takenIn.AddHours(1) ? time.CommittedAt : takenIn;

    /// <summary>The instants at which an answer may change.</summary>
    public static IEnumerable<DateTimeOffset> Instants(IEnumerable<JournalRecord> records) => records
        .SelectMany(record => record.Inputs)
        .SelectMany(input => input is ChangesInput changes
            ? changes.Changes.Select(change => CountsFrom(change, input.At)).Append(input.At)
            : [input.At]);

    private void Take(DeskInput input, DateTimeOffset asOf)
    {
        var wasTold = input.At <= asOf;
        switch (input)
        {
            case LimitsInput limits when wasTold:
                Limits = limits.Limits;
                break;
            case SnapshotCompletedInput completed when wasTold:
                FeedState = completed.FeedState;
                Complete(completed.Snapshot.Generation);
                break;
            case ChangesInput changes:
                if (wasTold)
                {
                    FeedState = changes.FeedState;
                    Complete(changes.Snapshot.Completed.Generation);
                    IsBuilding |= changes.Snapshot.Generation > _completed;
                }

                foreach (var change in changes.Changes.Where(change => CountsFrom(change, input.At) <= asOf))
                {
                    Apply(change, changes);
                }

                break;
        }
    }

    private void Apply(PositionChange change, ChangesInput input)
    {
        var generation = input.Snapshot.Generation;
        IsBuilding |= generation > _completed;
        if (!_delivered.Add((change.Delivery.FeedPartition, change.Delivery.Offset)))
        {
            return;
        }

        if (change.Time is not null && CountsFrom(change, input.At) is var at && !(at <= AppliedThrough))
        {
            AppliedThrough = at;
        }

        if (_rows.TryGetValue(change.PositionId, out var held) && held.Generation == generation && change.Source is { } source && held.Source is { } known && source.IsBefore(known))
        {
            return;
        }

        _rows.Remove(change.PositionId);
        if (change.After is { } row)
        {
            _rows.Add(change.PositionId, (row, change.Source, generation));
        }
    }

    private void Complete(int generation)
    {
        if (generation <= _completed)
        {
            return;
        }

        _completed = generation;
        IsBuilding = false;
        foreach (var unseen in _rows.Where(row => row.Value.Generation < generation).Select(row => row.Key).ToList())
        {
            _rows.Remove(unseen);
        }
    }
}
