namespace RiskMonitor.Demo;

public sealed partial class TradeSimulator
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A simulated trade could not be written and is left out: {Reason}")]
    private partial void LogTradeRefused(string reason);
}
