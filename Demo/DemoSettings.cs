using System.Data.Common;

namespace RiskMonitor.Demo;

/// <param name="PositionsPath">Full path of the SQLite file that the simulated trading system writes.</param>
public sealed record DemoSettings(string PositionsPath)
{
    /// <summary>Opens another database with the positions table; null: the SQLite file.</summary>
    public Func<DbConnection>? Open { get; init; }

    /// <summary>A client of its own for each part of the demo.</summary>
    public TradingSystem Connect() => Open is { } open ? new TradingSystem(open()) : new TradingSystem(PositionsPath);
}
