namespace RiskMonitor.Risk.Desks;

/// <summary>The dimensions by which a desk's totals are split. A reader asks for those that its answer shows.</summary>
[Flags]
public enum DeskDimensions
{
    None = 0,
    Currency = 1,
    Trader = 2,
    Security = 4,
    All = Currency | Trader | Security,
}
