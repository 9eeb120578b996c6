using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking;
using RiskMonitor.UseCases.Endpoints;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Operations;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.UseCases.Access;

/// <summary>What a use case requires of its caller. A use case that is not in the table is denied to everybody.</summary>
/// <param name="Role">The least role.</param>
/// <param name="Clearance">The least clearance; trader where the whole answer is about traders.</param>
/// <param name="Changes">It changes something, so that its audit entry must be durable before it begins.</param>
public sealed record Right(Role Role, Clearance Clearance, bool Changes = false)
{
    private static readonly Right Reading = new(Role.Viewer, Clearance.Desk);

    private static readonly Dictionary<string, Right> s_table = new(StringComparer.Ordinal)
    {
        [ListDesks.Tool] = Reading,
        [RiskOverview.Tool] = Reading,
        [DeskTimeSeries.Tool] = Reading,
        [DeskExposure.Tool] = Reading,
        [GetExposure.Tool] = Reading,
        [QueryPositions.Tool] = new(Role.Viewer, Clearance.Trader),
        [QueryAlerts.Tool] = Reading,
        [GetAlert.Tool] = Reading,
        [GetAlertReport.Tool] = Reading,
        [GetLimits.Tool] = Reading,
        [GetLimitHistory.Tool] = Reading,
        [AskRisk.Tool] = Reading,
        [CompleteName.Tool] = Reading,
        [UseCaseNames.ListenAlerts] = Reading,
        [UseCaseNames.McpProtocol] = Reading,
        [UnknownName.Tool] = Reading,
        [GetDeadLetters.Tool] = new(Role.Operator, Clearance.Trader),
        [UseCaseNames.OrleansDashboard] = new(Role.Operator, Clearance.Desk),
        [GetFeed.Tool] = new(Role.Operator, Clearance.Desk),
        [ListSilos.Tool] = new(Role.Operator, Clearance.Desk),
        [GetAudit.Tool] = new(Role.Admin, Clearance.Desk),
        [GetUsers.Tool] = new(Role.Admin, Clearance.Desk),
        [AddUser.Tool] = new(Role.Admin, Clearance.Desk, Changes: true),
        [ChangeUser.Tool] = new(Role.Admin, Clearance.Desk, Changes: true),
        [RevokeUser.Tool] = new(Role.Admin, Clearance.Desk, Changes: true),
        [AckAlert.Tool] = new(Role.RiskManager, Clearance.Desk, Changes: true),
        [SnoozeAlert.Tool] = new(Role.RiskManager, Clearance.Desk, Changes: true),
        [AssignAlert.Tool] = new(Role.RiskManager, Clearance.Desk, Changes: true),
        [ReplayAlert.Tool] = new(Role.Operator, Clearance.Desk, Changes: true),
        [ListEndpoints.Tool] = new(Role.Operator, Clearance.Desk),
        [SetEndpoint.Tool] = new(Role.Operator, Clearance.Desk, Changes: true),
        [RemoveEndpoint.Tool] = new(Role.Operator, Clearance.Desk, Changes: true),
        [TestEndpoint.Tool] = new(Role.Operator, Clearance.Desk, Changes: true),
        [RotateEndpointSecret.Tool] = new(Role.Operator, Clearance.Desk, Changes: true),
        [ListDeliveries.Tool] = Reading,
        [ReplayDeliveries.Tool] = new(Role.Operator, Clearance.Desk, Changes: true),
        [SetLimit.Tool] = new(Role.Admin, Clearance.Desk, Changes: true),
    };

    /// <returns>Null: denied to everybody.</returns>
    public static Right? For(string tool) => s_table.GetValueOrDefault(tool);

    public bool IsHeldBy(Caller caller) => caller.Role >= Role && caller.Clearance >= Clearance;

    /// <returns>What the caller needed, and has.</returns>
    /// <exception cref="RequestException">The caller lacks it.</exception>
    public static Right Demand(string tool, Caller caller)
    {
        var right = For(tool) ?? throw new RequestException(RequestError.Forbidden, $"{tool} is allowed to nobody: it has no entry in the table of rights, which is a defect of this program");
        if (caller.Role < right.Role)
        {
            throw new RequestException(RequestError.Forbidden, $"{tool} needs the role {right.Role.Name()}, and '{caller.User}' has {caller.Role.Name()}; ask an administrator for it");
        }

        if (caller.Clearance < right.Clearance)
        {
            throw new RequestException(RequestError.Forbidden, $"{tool} needs the clearance {right.Clearance.Name()}, and '{caller.User}' has {caller.Clearance.Name()}, which sees aggregates only; ask an administrator for it");
        }

        return right;
    }
}
