using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Desks;

public sealed partial class DeskRisk
{
    /// <summary>Where each figure stood at the end of the last record; below the warning band where there is none. It follows from the records, so it is not stored.</summary>
    private readonly Dictionary<EpisodeKey, UtilisationState> _utilisation = [];

    /// <summary>False from a load in the middle of a snapshot until its end: the figures before the snapshot are not known.</summary>
    private bool _isUtilisationKnown = true;

    private void RestoreUtilisation()
    {
        _isUtilisationKnown = !IsBuilding;
        MoveUtilisation();
    }

    /// <summary>
    /// Compares the figures with the warning bands, once for each record: who wants to know about utilisation needs where the desk stands and not every step
    /// between two records. While a snapshot is being read nothing is judged.
    /// </summary>
    private IReadOnlyList<UtilisationChange> MoveUtilisation()
    {
        if (IsBuilding)
        {
            return [];
        }

        List<UtilisationChange>? changes = null;
        foreach (var (key, limit) in _monitored)
        {
            var figure = key.Metric.Of(_book.Totals);
            var after = Utilisation.Of(figure, limit);
            UtilisationState? before = _isUtilisationKnown ? _utilisation.GetValueOrDefault(key, UtilisationState.Ok) : null;
            _utilisation[key] = after.State;
            if (before is null ? limit is not null : before != after.State && (before == UtilisationState.Warning || after.State == UtilisationState.Warning))
            {
                (changes ??= []).Add(new UtilisationChange(key, before, after, figure, _book.Unit, limit, _book.Totals.Missing, _feedState));
            }
        }

        _isUtilisationKnown = true;
        return changes ?? (IReadOnlyList<UtilisationChange>)[];
    }
}
