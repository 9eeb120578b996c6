namespace RiskMonitor.UseCases.Limits;

public sealed partial class SetLimit
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Limit {LimitId} version {Version} is stored, and desks that did not answer judge by it with the next sweep")]
    private partial void LogLeftToSweep(Exception exception, string limitId, int version);
}
