using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>
/// Carries the instruments of <see cref="ExportedInstruments"/> to a registry of its own, from its construction on. Instruments of other hosts in the
/// same process are left out; an instrument that is not on the list, and a label value that is not allowed, is dropped and counted.
/// </summary>
internal sealed partial class MetricsExport : IDisposable
{
    private readonly IMeterFactory _meters;
    private readonly ILogger<MetricsExport> _logger;
    private readonly MetricFactory _factory;
    private readonly Prometheus.Counter _dropped;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, ExportedFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _collecting = new();

    public MetricsExport(IMeterFactory meters, ILogger<MetricsExport> logger)
    {
        (_meters, _logger) = (meters, logger);
        DotNetStats.Register(Registry);
        // An exemplar would carry the trace id, which the caller chooses.
        _factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        _factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _dropped = _factory.CreateCounter(
            "riskmonitor_metrics_dropped_total", "Instruments, labels, values and measurements that are not shown, because no list allows them", "reason");
        foreach (var reason in (string[])["instrument", "label", "value", "measurement", "callback"])
        {
            _dropped.WithLabels(reason);
        }

        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, family) => OnMeasured(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, family) => OnMeasured(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, family) => OnMeasured(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, family) => OnMeasured(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, family) => OnMeasured(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, family) => OnMeasured(instrument, value, tags, family));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, family) => OnMeasured(instrument, (double)value, tags, family));
        _listener.Start();
        Registry.AddBeforeCollectCallback(Observe);
    }

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    /// <summary>Names of the families that an instrument has been published for.</summary>
    public IReadOnlyCollection<string> Names => [.. _families.Keys];

    public void Dispose() => _listener.Dispose();

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Scope is { } host && !ReferenceEquals(host, _meters))
        {
            return;
        }

        if (ExportedInstruments.Find(instrument) is { } exported)
        {
            var family = _families.GetOrAdd(exported.Name, _ => new ExportedFamily(exported, instrument, _factory, Drop));
            listener.EnableMeasurementEvents(instrument, family);
        }
        else if (instrument.Meter.Name == ExportedInstruments.OwnMeter)
        {
            Drop("instrument");
        }
    }

    private static void OnMeasured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family)
    {
        if (instrument.IsObservable)
        {
            ((ExportedFamily)family!).Observe(value, tags);
        }
        else
        {
            ((ExportedFamily)family!).Record(instrument, value, tags);
        }
    }

    private void Observe()
    {
        lock (_collecting)
        {
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (Exception exception)
            {
                // One instrument that fails must not take the others away.
                Drop("callback");
                LogNotObserved(exception);
            }

            foreach (var family in _families.Values)
            {
                family.ShowObserved();
            }
        }
    }

    private void Drop(string reason) => _dropped.WithLabels(reason).Inc();
}
