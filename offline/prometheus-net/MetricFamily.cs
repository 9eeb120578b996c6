using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Prometheus;

/// <summary>One metric and its series. As in the package, counters are of type gauge: a meter may begin again at zero.</summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<string, MetricSeries> _series = new();
    private readonly string _help;
    private readonly bool _adds;
    private readonly double[]? _buckets;

    internal MetricFamily(string name, Instrument instrument, MeterAdapterOptions options)
    {
        Name = name;
        var kind = instrument.GetType();
        _help = $"{(string.IsNullOrWhiteSpace(instrument.Unit) ? "" : $"({instrument.Unit}) ")}{instrument.Description} ({kind.Name})";
        var definition = kind.IsGenericType ? kind.GetGenericTypeDefinition() : null;
        _adds = definition == typeof(Counter<>) || definition == typeof(UpDownCounter<>);
        _buckets = definition == typeof(Histogram<>) ? options.ResolveHistogramBuckets(instrument) : null;
    }

    internal string Name { get; }

    internal void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        var series = _series.GetOrAdd(labels, static (labels, buckets) => new MetricSeries(labels, buckets), _buckets);
        series.Measure(value, _adds);
    }

    internal void Write(StringBuilder text, TimeSpan expireAfter)
    {
        foreach (var (labels, series) in _series)
        {
            if (series.IsOlderThan(expireAfter))
            {
                _series.TryRemove(labels, out _);
            }
        }

        if (_series.IsEmpty)
        {
            return;
        }

        text.Append("# HELP ").Append(Name).Append(' ').Append(_help.Replace("\\", @"\\").Replace("\n", @"\n")).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(_buckets is null ? " gauge\n" : " histogram\n");
        foreach (var series in _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal))
        {
            series.Write(text, Name);
        }
    }

    // Labels in the order of their names, whatever the order of the tags.
    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var pairs = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            pairs[i] = $"{PrometheusName.From(tags[i].Key)}=\"{Escape(tags[i].Value?.ToString() ?? "")}\"";
        }

        Array.Sort(pairs, StringComparer.Ordinal);
        return string.Join(',', pairs);
    }

    private static string Escape(string value) => value.Replace("\\", @"\\").Replace("\n", @"\n").Replace("\"", "\\\"");
}
