using Microsoft.Extensions.Logging;

namespace RiskMonitor.Silo;

internal sealed partial class SweepKeeper
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep of the cluster could not be reached; this silo asks for it again at the next interval")]
    private partial void LogUnreachable(Exception exception);
}
