namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>One instrument that <c>/metrics</c> shows, and how. Tags that are not among its labels are left out, and their measurements added up.</summary>
/// <param name="Meter">The meter's name.</param>
/// <param name="Instrument">The instrument's name on its meter.</param>
/// <param name="Name">The exported name, with its unit, and <c>_total</c> where it is a counter.</param>
/// <param name="Labels">All labels that it may have.</param>
internal sealed record ExportedInstrument(string Meter, string Instrument, string Name, params ExportedLabel[] Labels)
{
    /// <summary>Upper bounds of a histogram's buckets, in the exported unit.</summary>
    public double[] Buckets { get; init; } = ExportedBuckets.Call;

    /// <summary>From the instrument's unit to the exported one.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Goes down as well as up, although its instrument says that it is a counter.</summary>
    public bool IsGauge { get; init; }

    /// <summary>For instruments that do not describe themselves.</summary>
    public string? Help { get; init; }
}
