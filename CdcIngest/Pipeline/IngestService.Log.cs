using Microsoft.Extensions.Logging;

namespace RiskMonitor.CdcIngest.Pipeline;

internal sealed partial class IngestService
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The ingest of feed {Feed} failed and begins again from its last checkpoint")]
    private partial void LogRunFailed(Exception exception, string feed);
}
