using System.Globalization;
using System.Text;

namespace Prometheus;

/// <summary>The value, or the buckets, of one combination of labels.</summary>
internal sealed class MetricSeries(string labels, double[]? buckets)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[(buckets?.Length ?? 0) + 1];
    private double _value;
    private long _measuredAt;

    internal string Labels => labels;

    internal void Measure(double value, bool adds)
    {
        lock (_gate)
        {
            _measuredAt = Environment.TickCount64;
            if (buckets is not null)
            {
                _value += value;
                _counts[Bucket(buckets, value)]++;
            }
            else
            {
                _value = adds ? _value + value : value;
            }
        }
    }

    internal bool IsOlderThan(TimeSpan age) => Environment.TickCount64 - Volatile.Read(ref _measuredAt) > age.TotalMilliseconds;

    internal void Write(StringBuilder text, string name)
    {
        lock (_gate)
        {
            if (buckets is null)
            {
                Line(text, name, labels, _value);
                return;
            }

            Line(text, name + "_sum", labels, _value);
            Line(text, name + "_count", labels, _counts.Sum());
            var below = 0L;
            for (var i = 0; i < _counts.Length; i++)
            {
                below += _counts[i];
                var bound = i < buckets.Length ? Number(buckets[i]) : "+Inf";
                Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", below);
            }
        }
    }

    private static int Bucket(double[] buckets, double value)
    {
        var index = Array.BinarySearch(buckets, value);
        return index < 0 ? ~index : index;
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
