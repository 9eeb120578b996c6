namespace RiskMonitor.Demo;

public sealed partial class DemoRiskManager
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo risk manager's ack of alert {AlertId} was answered {Status}: {Answer}")]
    private partial void LogAckRefused(string alertId, int status, string answer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo risk manager's ack of alert {AlertId} could not be sent: {Reason}")]
    private partial void LogAckFailed(string alertId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo risk manager could not ask for alerts delivered earlier: {Reason}")]
    private partial void LogOldMailUnread(string reason);
}
