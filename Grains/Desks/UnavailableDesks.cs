using System.Collections.Concurrent;

namespace RiskMonitor.Grains.Desks;

/// <summary>The desks of this silo that could not be read when they were last tried, so that each has one notice and counts once.</summary>
internal sealed class UnavailableDesks(GrainMetrics metrics)
{
    private readonly ConcurrentDictionary<string, string> _desks = new(StringComparer.Ordinal);

    /// <returns>True where this is new.</returns>
    public bool Add(string desk, string problem)
    {
        if (_desks.TryAdd(desk, problem))
        {
            metrics.DeskUnavailable();
            return true;
        }

        return _desks.TryGetValue(desk, out var known) && known != problem && _desks.TryUpdate(desk, problem, known);
    }

    /// <returns>True where it was there.</returns>
    public bool Remove(string desk)
    {
        if (!_desks.TryRemove(desk, out _))
        {
            return false;
        }

        metrics.DeskAvailable();
        return true;
    }
}
