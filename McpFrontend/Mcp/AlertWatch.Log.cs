namespace RiskMonitor.McpFrontend.Mcp;

internal sealed partial class AlertWatch
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Alerts could not be looked at for {Listeners} listeners; trying again")]
    private partial void LogNotLooked(Exception exception, int listeners);
}
