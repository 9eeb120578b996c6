using System.Diagnostics.Metrics;

namespace RiskMonitor.Silo.Clustering;

/// <summary>How long the certificate lasts that this process shows to silos and clients. A process without one shows nothing.</summary>
internal sealed class CertificateMetrics
{
    private readonly TimeProvider _clock;

    public CertificateMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        meters.Create("RiskMonitor").CreateObservableGauge("cluster_certificate_valid_seconds", Left, "s", "Time until the certificate between silos and clients ends");
    }

    public DateTimeOffset? EndsAt { get; set; }

    private IEnumerable<Measurement<double>> Left() => EndsAt is { } end ? [new Measurement<double>((end - _clock.GetUtcNow()).TotalSeconds)] : [];
}
