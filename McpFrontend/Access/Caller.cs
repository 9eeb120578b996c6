using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Who asks, and what of the book that user may see.</summary>
/// <param name="Desks">Null: all.</param>
internal sealed record Caller(string User, Role Role, IReadOnlySet<string>? Desks, Clearance Clearance)
{
    /// <summary>Whoever sits at this machine, while nobody else can reach it.</summary>
    public static readonly Caller LocalAdmin = new("local-admin", Role.Admin, null, Clearance.Trader);

    public bool MaySee(string desk) => Desks is null || Desks.Contains(desk);

    public bool SeesBelowDesk => Clearance == Clearance.Trader;

    public AlertView AlertView => SeesBelowDesk ? AlertView.Full : AlertView.Aggregates;
}
