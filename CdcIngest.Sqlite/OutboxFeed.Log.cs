using Microsoft.Extensions.Logging;

namespace RiskMonitor.CdcIngest.Sqlite;

public sealed partial class OutboxFeed
{
    [LoggerMessage(EventId = 3101, EventName = "outbox_unavailable", Level = LogLevel.Warning, Message = "{Path} cannot be read just now (attempt {Attempt}), trying again: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string path, int attempt, string reason);

    [LoggerMessage(EventId = 3102, EventName = "outbox_lost", Level = LogLevel.Warning, Message = "Changes were lost, a snapshot follows: {Lost}")]
    private static partial void LogLost(ILogger logger, string lost);

    [LoggerMessage(EventId = 3103, EventName = "outbox_unwatched", Level = LogLevel.Warning, Message = "{Path} cannot be watched, so that changes are seen every {PollInterval} instead of at once: {Reason}")]
    private static partial void LogUnwatched(ILogger logger, string path, TimeSpan pollInterval, string reason);

    [LoggerMessage(EventId = 3104, EventName = "outbox_not_pruned", Level = LogLevel.Debug, Message = "Old changes stay in {Path} for now: {Reason}")]
    private static partial void LogNotPruned(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 3105, EventName = "outbox_waiting", Level = LogLevel.Warning, Message = "Changes are not seen until positions can be followed: {Reason}")]
    internal static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(EventId = 3106, EventName = "outbox_doubt", Level = LogLevel.Warning, Message = "The table positions in {Path}: {Doubt}")]
    internal static partial void LogDoubt(ILogger logger, string path, string doubt);

    [LoggerMessage(EventId = 3107, EventName = "outbox_differed", Level = LogLevel.Warning, Message = "{Changes} changes of positions in {Path} had passed the triggers by (turned off by a client, or ended by another trigger); they are told now")]
    internal static partial void LogDiffered(ILogger logger, string path, long changes);
}
