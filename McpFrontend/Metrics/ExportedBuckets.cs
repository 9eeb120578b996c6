namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>Upper bounds of histogram buckets, by what is measured.</summary>
internal static class ExportedBuckets
{
    /// <summary>Seconds of a call: from an answer out of memory to a request that times out.</summary>
    public static readonly double[] Call = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>Seconds of a commit: from a fast disk to one that is in trouble.</summary>
    public static readonly double[] Commit = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Seconds until an alert is delivered: from the first attempt to the last repeats.</summary>
    public static readonly double[] Delivery =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

    /// <summary>How many things are done together.</summary>
    public static readonly double[] Size = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
}
