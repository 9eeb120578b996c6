using System.Net;

namespace RiskMonitor.Embedded;

internal static partial class EmbeddedHost
{
    [LoggerMessage(Level = LogLevel.Information, Message = "RiskMonitor {Version} starts; data in {Data}")]
    private static partial void LogStarting(ILogger logger, string version, string data);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {EndPoint}; authentication: {Authentication}")]
    private static partial void LogAccess(ILogger logger, IPEndPoint endPoint, string authentication);
}
