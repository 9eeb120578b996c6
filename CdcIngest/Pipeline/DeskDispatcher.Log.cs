using Microsoft.Extensions.Logging;

namespace RiskMonitor.CdcIngest.Pipeline;

internal sealed partial class DeskDispatcher
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} did not take a batch of {Changes} changes (attempt {Attempt}); it is sent again")]
    private partial void LogRetry(Exception exception, string desk, int changes, int attempt);

    [LoggerMessage(EventId = 3008, EventName = "desk_waiting", Level = LogLevel.Error, Message = "Notice desk_waiting: desk '{Desk}' does not take its changes; {Changes} of partition {Partition} wait for it, and the partition is paused once there are too many. Other desks go on")]
    private partial void LogStuck(string desk, string partition, int changes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Desk '{Desk}' takes its changes again; {Changes} still wait")]
    private partial void LogUnstuck(string desk, int changes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It could not be stored that changes of desk {Desk} are set aside; it is tried again")]
    private partial void LogNotSetAside(Exception exception, string desk);
}
