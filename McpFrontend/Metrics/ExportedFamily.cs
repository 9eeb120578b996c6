using System.Diagnostics.Metrics;
using Prometheus;
using Counter = Prometheus.Counter;
using Gauge = Prometheus.Gauge;
using Histogram = Prometheus.Histogram;

namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>One exported instrument with all its series. A series is kept as long as the process, however long nothing is measured.</summary>
internal sealed class ExportedFamily
{
    private readonly ExportedInstrument _exported;
    private readonly LabelValues[] _labels;
    private readonly Action<string> _drop;
    private readonly Counter? _counter;
    private readonly Gauge? _gauge;
    private readonly Histogram? _histogram;

    /// <summary>What an observable instrument says in this collection, by its labels. Several measurements of one series are added up.</summary>
    private readonly Dictionary<string, (string[] Labels, double Value)> _observed = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string[]> _shown = new(StringComparer.Ordinal);

    /// <param name="drop">Counts what is not shown, by its reason.</param>
    public ExportedFamily(ExportedInstrument exported, Instrument instrument, MetricFactory factory, Action<string> drop)
    {
        (_exported, _drop) = (exported, drop);
        _labels = [.. exported.Labels.Select(label => new LabelValues(label))];
        var names = exported.Labels.Select(label => label.Name).ToArray();
        var help = exported.Help ?? instrument.Description ?? "";
        switch (exported.IsGauge ? MetricKind.Gauge : Kind(instrument))
        {
            case MetricKind.Counter:
                _counter = factory.CreateCounter(exported.Name, help, names);
                break;
            case MetricKind.Histogram:
                _histogram = factory.CreateHistogram(exported.Name, help, names, new HistogramConfiguration { Buckets = exported.Buckets });
                break;
            default:
                // A gauge that has not been measured has no value, not even 0.
                _gauge = factory.CreateGauge(exported.Name, help, names, new GaugeConfiguration { SuppressInitialValue = true });
                break;
        }

        ShowKnown();
    }

    private enum MetricKind
    {
        Counter,
        Gauge,
        Histogram,
    }

    /// <summary>Adds a measurement of a counter or histogram, which is reported when it happens.</summary>
    public void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        value *= _exported.Scale;
        if (!double.IsFinite(value) || (_counter is not null && value < 0))
        {
            _drop("measurement");
            return;
        }

        var labels = Labels(tags);
        _counter?.WithLabels(labels).Inc(value);
        _histogram?.WithLabels(labels).Observe(value);
        if (_gauge is not null)
        {
            var series = _gauge.WithLabels(labels);
            if (IsLevel(instrument))
            {
                series.Set(value);
            }
            else
            {
                series.Inc(value);
            }
        }
    }

    /// <summary>Takes a measurement of an instrument that is asked when the metrics are collected.</summary>
    public void Observe(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        var key = string.Join('\n', labels);
        _observed[key] = (labels, value * _exported.Scale + (_observed.TryGetValue(key, out var before) ? before.Value : 0));
    }

    /// <summary>Shows what was observed since the last time, and nothing that is not observed any more.</summary>
    public void ShowObserved()
    {
        foreach (var (key, (labels, value)) in _observed)
        {
            _counter?.WithLabels(labels).IncTo(value);
            _gauge?.WithLabels(labels).Set(value);
            _shown.TryAdd(key, labels);
        }

        if (_gauge is not null)
        {
            foreach (var (key, labels) in _shown)
            {
                if (!_observed.ContainsKey(key))
                {
                    _gauge.WithLabels(labels).Unpublish();
                }
            }
        }

        _observed.Clear();
    }

    private static MetricKind Kind(Instrument instrument) => Definition(instrument) switch
    {
        var type when type == typeof(Counter<>) || type == typeof(ObservableCounter<>) => MetricKind.Counter,
        var type when type == typeof(Histogram<>) => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };

    /// <summary>Whether each measurement replaces the one before.</summary>
    private static bool IsLevel(Instrument instrument) => Definition(instrument) == typeof(Gauge<>);

    private static Type? Definition(Instrument instrument)
    {
        var type = instrument.GetType();
        while (!type.IsGenericType && type.BaseType is { } parent)
        {
            type = parent;
        }

        return type.IsGenericType ? type.GetGenericTypeDefinition() : null;
    }

    /// <summary>An alarm on the growth of a counter needs the 0 before its first event.</summary>
    private void ShowKnown()
    {
        if (_labels is [var label])
        {
            foreach (var value in label.Known)
            {
                _counter?.WithLabels(value);
                _histogram?.WithLabels(value);
            }
        }
    }

    private string[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_labels.Length == 0)
        {
            DropUnlisted(tags, listed: 0);
            return [];
        }

        var (labels, listed) = (new string[_labels.Length], 0);
        for (var i = 0; i < labels.Length; i++)
        {
            object? value = null;
            foreach (var tag in tags)
            {
                if (tag.Key == _labels[i].Name)
                {
                    (value, listed) = (tag.Value, listed + 1);
                    break;
                }
            }

            if (!_labels[i].TryShow(value, out labels[i]))
            {
                _drop("value");
            }
        }

        DropUnlisted(tags, listed);
        return labels;
    }

    /// <summary>What others' instruments have beside the listed labels is left out on purpose; ours should have nothing beside them.</summary>
    private void DropUnlisted(ReadOnlySpan<KeyValuePair<string, object?>> tags, int listed)
    {
        if (tags.Length > listed && _exported.Meter == ExportedInstruments.OwnMeter)
        {
            _drop("label");
        }
    }
}
