namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>How long to measure.</summary>
/// <param name="Runs">Measured runs per contender, after one that is not counted.</param>
/// <param name="Share">Share of the full amount of work per run.</param>
/// <param name="Events">Changes of the trading day in <c>file</c> and <c>outbox</c>.</param>
internal sealed record Effort(int Runs, double Share, int Events)
{
    /// <summary>How many desks trade in <c>file</c> and <c>outbox</c>, one number after the other.</summary>
    public IReadOnlyList<int> Desks { get; init; } = [10, 200, 1_000];

    /// <summary>Only contenders whose name contains this run; for a profiler.</summary>
    public string Contender { get; init; } = "";

    public static readonly Effort Full = new(5, 1, 100_000);

    /// <summary>Enough to see that everything works; its figures say little.</summary>
    public static readonly Effort Quick = new(1, 0.05, 5_000);

    /// <summary>An amount of work, at least 1 and a multiple of <paramref name="step"/>.</summary>
    public int Of(int full, int step = 1) => Math.Max(1, (int)(full * Share) / step) * step;
}
