namespace RiskMonitor.Demo;

/// <param name="PositionsPath">Full path of the SQLite file that the simulated trading system writes.</param>
public sealed record DemoSettings(string PositionsPath);
