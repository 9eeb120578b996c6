using System.Text.Json.Serialization;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The data scope applied.</summary>
/// <param name="Desks">The desks' names, or <c>*</c> for all.</param>
/// <param name="Issuer">The identity provider whose token was presented; left out for a user of ours.</param>
public sealed record ScopeAnswer(
    string User,
    string Role,
    object Desks,
    string Clearance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Issuer)
{
    public static ScopeAnswer Of(Caller caller) => new(
        caller.User,
        caller.Role.Name(),
        caller.Desks is null ? "*" : caller.Desks.Order(StringComparer.Ordinal).ToArray(),
        caller.Clearance.Name(),
        caller.Issuer);
}
