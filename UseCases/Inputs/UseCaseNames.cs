using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Asking;
using RiskMonitor.UseCases.Endpoints;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Operations;
using RiskMonitor.UseCases.Positions;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>The names of the use cases in rate limits, rights, metrics and the audit log.</summary>
public static class UseCaseNames
{
    /// <summary>A subscription to the changes of alerts.</summary>
    public const string ListenAlerts = "listen_alerts";

    /// <summary>A page of Orleans' own dashboard.</summary>
    public const string OrleansDashboard = "orleans_dashboard";

    /// <summary>A method of the protocol that calls no use case.</summary>
    public const string McpProtocol = "mcp_protocol";

    public static readonly IReadOnlyList<string> All =
    [
        DeskExposure.Tool, ListDesks.Tool, GetExposure.Tool, QueryPositions.Tool, QueryAlerts.Tool, GetAlert.Tool, GetAlertReport.Tool, GetLimits.Tool, AskRisk.Tool,
        RiskOverview.Tool, DeskTimeSeries.Tool, GetLimitHistory.Tool, ListSilos.Tool, GetFeed.Tool, GetDeadLetters.Tool, GetUsers.Tool, AddUser.Tool, ChangeUser.Tool, RevokeUser.Tool, GetAudit.Tool,
        CompleteName.Tool, AckAlert.Tool, SnoozeAlert.Tool, AssignAlert.Tool, ReplayAlert.Tool, SetLimit.Tool, ListEndpoints.Tool, SetEndpoint.Tool, RemoveEndpoint.Tool,
        TestEndpoint.Tool, RotateEndpointSecret.Tool, ListDeliveries.Tool, ReplayDeliveries.Tool, ListenAlerts, OrleansDashboard, McpProtocol, UnknownName.Tool,
    ];
}
