using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>The data scope applied.</summary>
/// <param name="Desks">The desks' names, or <c>*</c> for all.</param>
internal sealed record ScopeAnswer(string User, string Role, object Desks, string Clearance)
{
    public static ScopeAnswer Of(Caller caller) => new(
        caller.User,
        caller.Role.Name(),
        caller.Desks is null ? "*" : caller.Desks.Order(StringComparer.Ordinal).ToArray(),
        caller.Clearance.Name());
}
