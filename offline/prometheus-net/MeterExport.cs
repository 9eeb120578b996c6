using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Prometheus;

/// <summary>Listens to every meter of the process and writes what it heard in Prometheus' text format (version 0.0.4).</summary>
internal sealed class MeterExport
{
    private readonly MeterAdapterOptions _options;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new();

    internal MeterExport(MeterAdapterOptions options, bool listens)
    {
        _options = options;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (options.InstrumentFilterPredicate(instrument))
            {
                listener.EnableMeasurementEvents(instrument, Family(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Measure(family, (double)value, tags));
        if (listens)
        {
            _listener.Start();
        }
    }

    internal string Scrape()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            family.Write(text, _options.MetricsExpireAfter);
        }

        return text.ToString();
    }

    private static void Measure(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)family!).Measure(value, tags);

    // Two meters may publish an instrument of the same name: one after the other in tests, two versions in a host.
    private MetricFamily Family(Instrument instrument)
    {
        var name = PrometheusName.From($"{instrument.Meter.Name}_{instrument.Name}");
        return _families.GetOrAdd(name, name => new MetricFamily(name, instrument, _options));
    }
}
