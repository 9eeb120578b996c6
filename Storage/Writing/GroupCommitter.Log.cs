using Microsoft.Extensions.Logging;

namespace RiskMonitor.Storage.Writing;

internal sealed partial class GroupCommitter<TSession>
{
    [LoggerMessage(1, LogLevel.Error, "A group of {Count} writes was lost (at its commit: {AtCommit}); their callers were told")]
    private partial void LogGroupLost(int count, bool atCommit, Exception error);

    [LoggerMessage(EventId = 3007, EventName = "storage_failing", Level = LogLevel.Error, Message = "Notice storage_failing: the database cannot be written ({Problem}); nothing is lost, callers repeat. See that the disk has space and the file may be written; it goes on by itself")]
    private partial void LogFailing(string problem);

    [LoggerMessage(3, LogLevel.Information, "The database can be written again")]
    private partial void LogWritable();
}
