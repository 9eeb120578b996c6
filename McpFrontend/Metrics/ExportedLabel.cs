namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>A label whose values the product chooses. Never one that a caller, a row or a receiver chooses.</summary>
/// <param name="Known">Values that are shown as 0 before anything is counted, where this is the only label.</param>
internal sealed record ExportedLabel(string Name, params string[] Known)
{
    /// <summary>More values than these become <see cref="LabelValues.Other"/>.</summary>
    public int MostValues { get; init; } = 32;
}
