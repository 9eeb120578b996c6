namespace RiskMonitor.Demo;

/// <summary>How lively the demo's markets are.</summary>
public sealed record TradeSimulatorOptions
{
    public static readonly TradeSimulatorOptions Default = new();

    /// <summary>Time between trades.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>When the first desk is pushed over its limit.</summary>
    public TimeSpan FirstPush { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Least and greatest time from the end of a push to the next.</summary>
    public (TimeSpan Least, TimeSpan Greatest) PushEvery { get; init; } = (TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(28));

    /// <summary>Least and greatest time that a desk stays over its limit.</summary>
    public (TimeSpan Least, TimeSpan Greatest) Hold { get; init; } = (TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(12));

    /// <summary>The utilisation between which ordinary trading keeps a desk.</summary>
    public (decimal Least, decimal Greatest) Band { get; init; } = (0.58m, 0.86m);

    public int Seed { get; init; } = 7;
}
