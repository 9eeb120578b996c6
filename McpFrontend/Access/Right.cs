using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.UseCases;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>What a use case asks of its caller.</summary>
/// <param name="Role">The least role.</param>
/// <param name="Clearance">The least clearance: trader where there is nothing left to tell without it.</param>
internal sealed record Right(Role Role, Clearance Clearance)
{
    private static readonly Right Reading = new(Role.Viewer, Clearance.Desk);

    private static readonly Dictionary<string, Right> s_special = new(StringComparer.Ordinal)
    {
        [AckAlert.Tool] = new(Role.RiskManager, Clearance.Desk),
        [QueryPositions.Tool] = new(Role.Viewer, Clearance.Trader),
        [SetLimit.Tool] = new(Role.Admin, Clearance.Desk),
        [ReplayAlert.Tool] = new(Role.Operator, Clearance.Desk),
    };

    public static Right For(string tool) => s_special.GetValueOrDefault(tool, Reading);

    public bool IsHeldBy(Caller caller) => caller.Role >= Role && caller.Clearance >= Clearance;

    /// <exception cref="RequestException">The caller lacks it.</exception>
    public static void Demand(string tool, Caller caller)
    {
        var right = For(tool);
        if (caller.Role < right.Role)
        {
            throw new RequestException(RequestError.Forbidden, $"{tool} needs the role {right.Role.Name()}, and '{caller.User}' has {caller.Role.Name()}; ask an administrator for it");
        }

        if (caller.Clearance < right.Clearance)
        {
            throw new RequestException(RequestError.Forbidden, $"{tool} needs the clearance {right.Clearance.Name()}, and '{caller.User}' has {caller.Clearance.Name()}, which sees aggregates only; ask an administrator for it");
        }
    }
}
