using System.Net;

namespace RiskMonitor.Embedded;

internal static partial class EmbeddedHost
{
    [LoggerMessage(Level = LogLevel.Information, Message = "RiskMonitor {Version} starts; data in {Data}; stand-ins: {StandIns}")]
    private static partial void LogStarting(ILogger logger, string version, string data, string standIns);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {EndPoint}; authentication: {Authentication}")]
    private static partial void LogAccess(ILogger logger, IPEndPoint endPoint, string authentication);
}
