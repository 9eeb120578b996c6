using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Desks as they stand, and those that could not be asked.</summary>
/// <param name="ByDesk">By name.</param>
/// <param name="Missing">Those of which there is no picture, with the reason.</param>
public sealed record DeskViews(IReadOnlyDictionary<string, DeskView> ByDesk, IReadOnlyList<DeskDoubt> Missing)
{
    /// <summary>Null where it is missing.</summary>
    public DeskView? Of(string desk) => ByDesk.GetValueOrDefault(desk);

    /// <summary>What there is to say against these desks: those that are missing, and those whose limits cannot be read.</summary>
    public IEnumerable<DeskDoubt> Doubts => Missing.Concat(
        ByDesk.Values.Where(picture => picture.LimitsProblem is not null).Select(picture => new DeskDoubt(picture.Desk, LimitsDoubt(picture))));

    public static string LimitsDoubt(DeskView picture) => $"its limits cannot be read, and it is judged by those it last knew: {picture.LimitsProblem}";
}
