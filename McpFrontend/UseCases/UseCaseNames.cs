using RiskMonitor.McpFrontend.Asking;
using RiskMonitor.McpFrontend.Mcp;

namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>By which use cases are called in rates, rights, metrics and the audit log.</summary>
internal static class UseCaseNames
{
    public static readonly IReadOnlyList<string> All =
    [
        DeskExposure.Tool, ListDesks.Tool, GetExposure.Tool, QueryPositions.Tool, QueryAlerts.Tool, GetAlert.Tool, GetLimits.Tool, AskRisk.Tool,
        CompleteName.Tool, AckAlert.Tool, ReplayAlert.Tool, SetLimit.Tool, SubscriptionHandlers.Tool, ProtocolCalls.Tool, UnknownName.Tool,
    ];
}
