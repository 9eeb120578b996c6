using System.Globalization;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A trading day made up: every change gives one of a desk's positions a new delta. The same each time.</summary>
internal static class Trading
{
    public const string Feed = "positions_cdc";
    public const int PositionsPerDesk = 500;

    private const int LargestDelta = 100_000;

    public static readonly DateTimeOffset Opening = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    public static string DeskName(int desk) => string.Create(CultureInfo.InvariantCulture, $"Desk {desk:D2}");

    /// <summary>Binds every desk; <see cref="NeverReached"/> is judged at each change and never crossed.</summary>
    public static RiskLimit Limit(decimal threshold) => new(
        "config:benchmark", "standard", LimitScope.Default, "", RiskMetric.NetDelta, "intraday", threshold,
        RiskLimit.DefaultWarningRatio, RiskLimit.DefaultCureRatio, SeveritySteps.Default, null, null, null, 0, "benchmark", "benchmark");

    public const decimal NeverReached = PositionsPerDesk * (decimal)LargestDelta;

    public static LimitsInput Limits() => new(Opening, new LimitSet(1, AlertingScope.Default, [Limit(NeverReached) with { Version = 1 }]));

    /// <summary>Rows in the order in which a trading system would write them, over all desks.</summary>
    public static IEnumerable<Position> Rows(int count, int desks)
    {
        var random = new Random(20261102);
        for (var i = 0; i < count; i++)
        {
            var desk = i % desks;
            var position = random.Next(PositionsPerDesk);
            yield return new Position(
                string.Create(CultureInfo.InvariantCulture, $"P{desk:D2}-{position:D5}"),
                string.Create(CultureInfo.InvariantCulture, $"trader_{position % 20:D2}"),
                DeskName(desk),
                "AAPL-CALL-175-20270115",
                random.Next(-50_000, 50_000) / 10m,
                random.Next(-LargestDelta * 100, LargestDelta * 100) / 100m,
                new DateOnly(2026, 5, 2),
                "USD",
                Opening.AddSeconds(i / 1_000));
        }
    }

    /// <summary>The changes of one desk.</summary>
    public static IReadOnlyList<PositionChange> Changes(int count, string desk) =>
    [
        .. Rows(count, desks: 1).Select((row, i) => new PositionChange(
            new Delivery(Feed, 0, i),
            row.PositionId,
            row with { Desk = desk },
            new SourcePosition("binlog", 1, i * 100L, 0),
            null,
            new SourceTime(row.UpdatedAt!.Value, true, null))),
    ];

    /// <summary>The changes, so many to an input.</summary>
    public static IEnumerable<ChangesInput> Inputs(IReadOnlyList<PositionChange> changes, int batch) =>
        changes.Chunk(batch).Select(chunk => new ChangesInput(Opening, Feed, chunk, default, FeedState.Live, Opening));
}
