using System.Globalization;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.WebConsole.Desks;

/// <summary>Places figures and times on a chart.</summary>
public sealed class ChartScale
{
    private const decimal Room = 1.12m;

    private readonly decimal _low;
    private readonly decimal _high;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _to;

    /// <summary>Zero and the limits are on it: a figure means something only beside them.</summary>
    public ChartScale(DeskHistoryAnswer answer, int width, int height)
    {
        (Width, Height, _from, _to) = (width, height, answer.From, answer.To);
        var most = answer.Points.Max(point => Math.Max(Math.Abs(point.Delta.Amount), point.Threshold?.Amount ?? 0)) * Room;
        var isOneSided = answer.Points.All(point => point.Delta.Amount >= 0) || answer.Points.All(point => point.Delta.Amount <= 0);
        var isLong = answer.Points.Sum(point => Math.Sign(point.Delta.Amount)) >= 0;
        _high = isOneSided && !isLong ? most * (Room - 1) : most == 0 ? 1 : most;
        _low = isOneSided && isLong ? -most * (Room - 1) : most == 0 ? -1 : -most;
    }

    public int Width { get; }

    public int Height { get; }

    public decimal X(DateTimeOffset at) => (decimal)((at - _from) / (_to - _from)) * Width;

    public decimal Y(decimal figure) => (_high - figure) / (_high - _low) * Height;

    public bool Shows(decimal figure) => figure <= _high && figure >= _low;

    /// <summary>A figure of the chart's attributes.</summary>
    public static string Text(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A line that keeps each figure until the next, because that is what the desk had.</summary>
    public string Steps(IReadOnlyList<HistoryPoint> points, Func<HistoryPoint, decimal?> figure)
    {
        var path = new System.Text.StringBuilder();
        decimal? before = null;
        foreach (var point in points)
        {
            if (figure(point) is not { } value)
            {
                before = null;
                continue;
            }

            var (x, y) = (Text(X(point.At)), Text(Y(value)));
            path.Append(before is null ? $"M{x} {y}" : $"H{x}V{y}");
            before = value;
        }

        return path.ToString();
    }
}
