using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Desks;

/// <summary>
/// What the inputs of one journal record changed. <see cref="DeskRisk.Apply(DeskInput, DeskStep)"/> adds to it, input after input, and <see cref="DeskRisk.Seal"/> makes the
/// record of it. Calls that arrive while the previous record is being written share one step.
/// </summary>
public sealed class DeskStep
{
    private readonly List<DeskInput> _inputs = [];
    private readonly List<Episode> _episodes = [];
    private readonly List<EpisodeReport> _outbox = [];

    /// <summary>The inputs that changed the desk, in their order.</summary>
    public IReadOnlyList<DeskInput> Inputs => _inputs;

    /// <summary>Episodes opened, escalated or cured, each as it was then.</summary>
    public IReadOnlyList<Episode> Episodes => _episodes;

    /// <summary>Reports for alerts; at most one for each alert, the last.</summary>
    public IReadOnlyList<EpisodeReport> Outbox => _outbox;

    /// <summary>How many positions were put, changed or removed.</summary>
    public int Applied { get; private set; }

    /// <summary>True while there is nothing to write.</summary>
    public bool IsEmpty => _inputs.Count == 0;

    internal void Add(DeskInput input) => _inputs.Add(input);

    internal void CountApplied(int positions) => Applied += positions;

    internal void Emit(EpisodeReport report)
    {
        _episodes.Add(report.Episode);
        var earlier = _outbox.FindIndex(other => other.Episode.AlertId == report.Episode.AlertId);
        if (earlier >= 0)
        {
            // A report is the whole state of an episode, so the later one replaces the earlier one.
            _outbox.RemoveAt(earlier);
        }

        _outbox.Add(report);
    }
}
