using Microsoft.Extensions.Logging;

namespace RiskMonitor.Silo;

internal abstract partial class GrainKeeper
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The {What} of the cluster could not be reached; this silo asks for it again at the next interval")]
    private static partial void LogUnreachable(ILogger logger, Exception exception, string what);
}
