namespace RiskMonitor.UseCases.Markets;

public sealed partial class MarketFeed
{
    [LoggerMessage(1, LogLevel.Warning, "Market snapshot {SnapshotId} has {Count} prices or rates that cannot be read; they are left out")]
    private partial void LogLeftOut(string snapshotId, int count);

    [LoggerMessage(2, LogLevel.Warning, "No market snapshot from {Host}: {Reason}; the one before stays, and answers tell its age")]
    private partial void LogFailed(string host, string reason);
}
