using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Desks;

/// <summary>A row of a breakdown.</summary>
/// <param name="IsOther">The sum of the rows that are not shown.</param>
public sealed record BreakdownRow(string Name, Figures Figures, bool IsOther);
