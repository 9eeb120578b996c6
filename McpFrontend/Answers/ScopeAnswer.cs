using RiskMonitor.McpFrontend.Access;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>The data scope applied.</summary>
/// <param name="Desks">The desks' names, or <c>*</c> for all.</param>
internal sealed record ScopeAnswer(string User, string Role, object Desks, string Clearance)
{
    public static ScopeAnswer Of(Caller caller) => new(
        caller.User,
        caller.Role switch
        {
            Access.Role.Viewer => "viewer",
            Access.Role.RiskManager => "risk_manager",
            Access.Role.Operator => "operator",
            _ => "admin",
        },
        caller.Desks is null ? "*" : caller.Desks.Order(StringComparer.Ordinal).ToArray(),
        caller.SeesBelowDesk ? "trader" : "desk");
}
