using Microsoft.Extensions.Logging;

namespace RiskMonitor.CdcIngest.Pipeline;

internal sealed partial class Checkpoints
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Feed {Feed}: the checkpoint could not be stored; the next one contains it")]
    private partial void LogNotStored(Exception exception, string feed);
}
