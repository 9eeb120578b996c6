using System.Net;

namespace RiskMonitor.Host;

internal static partial class MonitorHost
{
    [LoggerMessage(Level = LogLevel.Information, Message = "RiskMonitor {Version} starts; data in {Data}")]
    private static partial void LogStarting(ILogger logger, string version, string data);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data directory {Data} stays open to other accounts of this machine, because they write in it or it holds other files; the monitor's own files in it are closed to them. If no other account needs positions.db there: chmod 700")]
    private static partial void LogOpenToOthers(ILogger logger, string data);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {EndPoint}; authentication: {Authentication}")]
    private static partial void LogAccess(ILogger logger, IPEndPoint endPoint, string authentication);
}
