using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// One journal record in the making: takes inputs, applies each to the desk at once, and remembers what came of it until the record is
/// sealed. Calls that arrive while the record before is being written are taken into the same step.
/// </summary>
public sealed class DeskStep
{
    private readonly DeskRisk _desk;
    private readonly List<DeskInput> _inputs = [];
    private readonly List<Episode> _episodes = [];
    private readonly List<EpisodeReport> _outbox = [];

    private DeskStep(DeskRisk desk, bool listens)
    {
        _desk = desk;
        Listens = listens;
    }

    internal DeskStep(DeskRisk desk)
        : this(desk, listens: false)
    {
    }

    /// <summary>Changes that altered the desk.</summary>
    public int Applied { get; internal set; }

    /// <summary>False while nothing has to be written.</summary>
    public bool HasSomethingToWrite => _inputs.Count > 0;

    /// <summary>False when a record is applied again: what came of it has been told.</summary>
    internal bool Listens { get; }

    public static DeskStep Begin(DeskRisk desk) => new(desk, listens: true);

    /// <summary>Applies an input to the desk.</summary>
    /// <returns>False when there is nothing to remember of it.</returns>
    public bool Apply(DeskInput input)
    {
        if (!_desk.Apply(input, this))
        {
            return false;
        }

        if (Listens)
        {
            _inputs.Add(input);
        }

        return true;
    }

    /// <summary>Ends the step. The desk counts it as its next record, before that is durable.</summary>
    public JournalRecord Seal(DateTimeOffset at)
    {
        _desk.Seal(_desk.Sequence + 1);
        return new JournalRecord(_desk.Desk, _desk.Sequence, at, _inputs, _episodes, _outbox, _desk.Totals, _desk.Limits.Version, _desk.NextValidityInstant);
    }

    internal void Emit(EpisodeReport report)
    {
        _episodes.Add(report.Episode);
        var earlier = _outbox.FindIndex(other => other.Episode.AlertId == report.Episode.AlertId);
        if (earlier >= 0)
        {
            // Reports are whole states: the later one says all.
            _outbox.RemoveAt(earlier);
        }

        _outbox.Add(report);
    }
}
