using System.Diagnostics.Metrics;

namespace RiskMonitor.Grains.Desks;

/// <summary>What desks tell of themselves. No desk name is a label.</summary>
internal static class DeskMetrics
{
    private static readonly Meter Meter = new("RiskMonitor");
    private static long _active;
    private static long _unavailable;

    static DeskMetrics() => Meter.CreateObservableGauge<long>("desks", () =>
    [
        new(Interlocked.Read(ref _active), new KeyValuePair<string, object?>("state", "active")),
        new(Interlocked.Read(ref _unavailable), new KeyValuePair<string, object?>("state", "unavailable")),
    ]);

    /// <summary>Seconds from a batch's arrival at its desk until it is durable.</summary>
    public static readonly Histogram<double> Apply = Meter.CreateHistogram<double>("desk_apply_seconds", "s");

    public static void Unavailable(int desks) => Interlocked.Add(ref _unavailable, desks);

    public static void Activated() => Interlocked.Increment(ref _active);

    public static void Deactivated() => Interlocked.Decrement(ref _active);
}
