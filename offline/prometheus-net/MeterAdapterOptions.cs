using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>How instruments of System.Diagnostics.Metrics become Prometheus metrics.</summary>
public sealed record MeterAdapterOptions
{
    /// <summary>25 buckets from 0.01 on, each twice as wide.</summary>
    public static readonly double[] DefaultHistogramBuckets = [.. Enumerable.Range(0, 25).Select(i => 0.01 * Math.Pow(2, i))];

    public Func<Instrument, bool> InstrumentFilterPredicate { get; set; } = _ => true;

    /// <summary>A series that nobody has measured for so long is dropped; a counter begins again at zero.</summary>
    public TimeSpan MetricsExpireAfter
    {
        get;
        set => field = value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "Automatic metric expiration time must be no greater than 1 day.");
    } = TimeSpan.FromMinutes(5);

    public Func<Instrument, double[]> ResolveHistogramBuckets { get; set; } = _ => DefaultHistogramBuckets;
}
