namespace Prometheus;

/// <summary>Which metrics are not exported by themselves; the stand-in has meters only.</summary>
public sealed class SuppressDefaultMetricOptions
{
    public bool SuppressProcessMetrics { get; set; }

    public bool SuppressDebugMetrics { get; set; }

    public bool SuppressEventCounters { get; set; }

    public bool SuppressMeters { get; set; }
}
