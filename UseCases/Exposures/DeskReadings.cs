using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>The current views of desks, and the desks that did not answer.</summary>
/// <param name="ByDesk">By name.</param>
/// <param name="Missing">Desks without a view, with the reason.</param>
public sealed record DeskViews(IReadOnlyDictionary<string, DeskView> ByDesk, IReadOnlyList<DeskDoubt> Missing)
{
    /// <summary>Null if the desk is missing.</summary>
    public DeskView? Of(string desk) => ByDesk.GetValueOrDefault(desk);

    /// <summary>Problems of single desks: they did not answer, or their limits cannot be read.</summary>
    public IEnumerable<DeskDoubt> Doubts => Missing.Concat(
        ByDesk.Values.Where(deskView => deskView.LimitsProblem is not null).Select(deskView => new DeskDoubt(deskView.Desk, LimitsDoubt(deskView))));

    public static string LimitsDoubt(DeskView deskView) => $"its limits cannot be read, and it is judged by those it last knew: {deskView.LimitsProblem}";
}
