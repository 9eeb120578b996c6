namespace RiskMonitor.McpFrontend.Access;

internal sealed partial class SigningKeys
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The identity provider has {Count} keys")]
    private partial void LogFetched(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider's keys could not be fetched: {Reason}; the last known go on")]
    private partial void LogNotFetched(string reason);
}
