using Microsoft.Extensions.Logging;
using RiskMonitor.Grains;

namespace RiskMonitor.Silo.Clustering;

/// <summary>Reads the certificate files again at an interval. Processes use renewed certificates without a restart.</summary>
internal sealed partial class CertificateReload(ClusterTls tls, CertificateMetrics metrics, TimeProvider clock, ILogger<CertificateReload> logger) : PeriodicService(Interval, clock)
{
    /// <summary>Platforms bring a changed secret to its files within a minute or so; a renewed certificate has days.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (tls.Reload())
            {
                LogReloaded(tls.EndsAt);
            }
        }
        finally
        {
            metrics.EndsAt = tls.EndsAt;
        }

        return Task.CompletedTask;
    }

    protected override void OnFailed(Exception exception) => LogFailed(exception.Message, tls.EndsAt);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificates between silos and clients have changed and are in use; this one is valid until {EndsAt:u}")]
    private partial void LogReloaded(DateTimeOffset endsAt);

    [LoggerMessage(EventId = 3206, EventName = "certificates_not_read", Level = LogLevel.Warning, Message = "The certificates between silos and clients cannot be read anew: {Reason}. Those of before stay in use, until {EndsAt:u}")]
    private partial void LogFailed(string reason, DateTimeOffset endsAt);
}
