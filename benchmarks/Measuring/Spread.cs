namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>What several runs came to.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    public static Spread Of(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        var median = values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return new Spread(median, values[0], values[^1]);
    }
}
