using Microsoft.Extensions.Logging;
using Orleans;

namespace RiskMonitor.Silo.Clustering;

/// <summary>A client that starts before the silos waits for them, and logs that it does.</summary>
internal sealed partial class WaitForSilos(TimeProvider clock, ILogger<WaitForSilos> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_repeatLine = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _saidAt;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_saidAt is null || now - _saidAt > s_repeatLine)
        {
            _saidAt = now;
            LogWaiting(exception.Message);
        }

        await Task.Delay(s_interval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }

    [LoggerMessage(EventId = 3201, EventName = "waiting_for_silos", Level = LogLevel.Warning, Message = "Waiting for a silo of the cluster: {Reason}")]
    private partial void LogWaiting(string reason);
}
