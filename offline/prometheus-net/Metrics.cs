namespace Prometheus;

/// <summary>Settings of the export; made before the endpoint is mapped.</summary>
public static class Metrics
{
    private static readonly Lock s_gate = new();
    private static Action<MeterAdapterOptions> s_configure = _ => { };
    private static bool s_suppressed;
    private static MeterExport? s_export;

    public static void ConfigureMeterAdapter(Action<MeterAdapterOptions> callback) => s_configure = callback;

    public static void SuppressDefaultMetrics() => s_suppressed = true;

    public static void SuppressDefaultMetrics(SuppressDefaultMetricOptions options) => s_suppressed = options.SuppressMeters;

    /// <summary>The export of this process; begins to listen when it is asked for first.</summary>
    internal static MeterExport Export()
    {
        lock (s_gate)
        {
            if (s_export is null)
            {
                var options = new MeterAdapterOptions();
                s_configure(options);
                s_export = new MeterExport(options, listens: !s_suppressed);
            }

            return s_export;
        }
    }
}
