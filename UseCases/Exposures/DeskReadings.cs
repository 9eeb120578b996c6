using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>What desks answered, and the desks that did not answer.</summary>
/// <param name="ByDesk">By name.</param>
/// <param name="Missing">Desks that did not answer, with the reason.</param>
public sealed record DeskReadings<TReading>(IReadOnlyDictionary<string, TReading> ByDesk, IReadOnlyList<DeskDoubt> Missing)
    where TReading : DeskSummary
{
    /// <summary>Null if the desk is missing.</summary>
    public TReading? Of(string desk) => ByDesk.GetValueOrDefault(desk);

    /// <summary>Problems of single desks: they did not answer, or their limits cannot be read.</summary>
    public IEnumerable<DeskDoubt> Doubts => Missing.Concat(ByDesk.Values.Where(desk => desk.LimitsProblem is not null).Select(LiveFigures.LimitsDoubt));
}
