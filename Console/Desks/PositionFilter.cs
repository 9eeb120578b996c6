namespace RiskMonitor.WebConsole.Desks;

/// <summary>Which positions of a desk are listed; null asks for nothing.</summary>
public sealed record PositionFilter(string? Trader, string? Security, string? Currency)
{
    public static readonly PositionFilter None = new(null, null, null);
}
