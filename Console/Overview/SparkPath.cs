using System.Globalization;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Overview;

/// <summary>The line of a sparkline, in a box of 100 by 20 with zero at the bottom.</summary>
public static class SparkPath
{
    private const decimal Width = 100;
    private const decimal Height = 20;

    /// <summary>The limit is always in the box, so that lines can be compared.</summary>
    private const decimal LeastTop = 1.1m;

    public static string Of(DeskHistoryAnswer history)
    {
        // A desk that is younger than the time asked for is shown from its beginning on.
        var from = history.Points[0].At;
        var span = (history.To - from).TotalSeconds;
        var top = TopOf(history.Points);
        var line = history.Points
            .Where(point => point.HighestUtilisation is not null)
            .Select((point, i) => string.Create(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? 'M' : 'L')}{(point.At - from).TotalSeconds / span * (double)Width:0.#} {Y(point.HighestUtilisation!.Value, top):0.#}"));
        return string.Concat(line);
    }

    public static string Limit(IReadOnlyList<HistoryPoint> points) => string.Create(CultureInfo.InvariantCulture, $"M0 {Y(1, TopOf(points)):0.#}H{Width}");

    private static decimal TopOf(IReadOnlyList<HistoryPoint> points) => Math.Max(LeastTop, points.Max(point => point.HighestUtilisation) ?? 0);

    private static decimal Y(decimal utilisation, decimal top) => Height - (utilisation / top * (Height - 1)) - 0.5m;
}
