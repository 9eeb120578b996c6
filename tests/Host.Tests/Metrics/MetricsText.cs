using System.Globalization;

namespace RiskMonitor.Host.Tests.Metrics;

/// <summary>Reads Prometheus' text format.</summary>
internal static class MetricsText
{
    /// <summary>The values of all series of a name, added up.</summary>
    public static double Sum(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal) || line.StartsWith($"{name} ", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>The names of the families and their types.</summary>
    public static IReadOnlyDictionary<string, string> Types(string metrics) => metrics.Split('\n')
        .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[2], words => words[3]);
}
