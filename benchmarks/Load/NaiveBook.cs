using System.Globalization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Positions and their exact sums by desk, and within a desk by trader, security and currency, in dictionaries: what a figure must equal to count.</summary>
internal sealed class NaiveBook
{
    private readonly Dictionary<string, Position> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Desk, string Dimension, string Key), Sum> _sums = [];

    public int Count => _positions.Count;

    public IEnumerable<string> Desks => _sums.Where(sum => sum.Key.Dimension.Length == 0 && sum.Value.Count > 0).Select(sum => sum.Key.Desk);

    public static NaiveBook Of(IEnumerable<RowChange> changes)
    {
        var book = new NaiveBook();
        foreach (var (before, after) in changes)
        {
            book.Apply((before ?? after)!.PositionId, after);
        }

        return book;
    }

    public int CountOf(string desk) => _sums.TryGetValue((desk, "", ""), out var sum) ? sum.Count : 0;

    public decimal NetOf(string desk) => _sums.TryGetValue((desk, "", ""), out var sum) ? sum.Net : 0;

    /// <param name="row">Null where the position was closed.</param>
    public void Apply(string positionId, Position? row)
    {
        if (_positions.Remove(positionId, out var before))
        {
            Add(before, -1);
        }

        if (row is not null)
        {
            _positions.Add(positionId, row);
            Add(row, 1);
        }
    }

    /// <exception cref="InvalidOperationException">A sum differs: what was measured does not count.</exception>
    public void DemandEqual(NaiveBook other)
    {
        foreach (var (key, sum) in _sums)
        {
            var theirs = other._sums.GetValueOrDefault(key);
            Demand(key, sum, theirs is null ? (0, 0, 0) : (theirs.Net, theirs.Gross, theirs.Count));
        }
    }

    /// <inheritdoc cref="DemandEqual(NaiveBook)"/>
    public void DemandEqual(string desk, DeskView view)
    {
        var theirs = new Dictionary<(string Desk, string Dimension, string Key), Totals> { [(desk, "", "")] = view.Totals };
        AddGroups("trader", view.Breakdown.ByTrader());
        AddGroups("security", view.Breakdown.BySecurity());
        AddGroups("currency", view.Breakdown.ByCurrency());
        foreach (var (key, sum) in _sums.Where(sum => sum.Key.Desk == desk))
        {
            var totals = theirs.GetValueOrDefault(key);
            Demand(key, sum, (totals.Net, totals.Gross, totals.Count));
        }

        void AddGroups(string dimension, IEnumerable<Group> groups)
        {
            foreach (var group in groups)
            {
                theirs.Add((desk, dimension, group.Key), group.Totals);
            }
        }
    }

    /// <summary>Compares what every desk answers.</summary>
    public async Task DemandEqualAsync(MonitorHost monitor)
    {
        foreach (var desk in _sums.Keys.Select(key => key.Desk).Distinct(StringComparer.Ordinal))
        {
            DemandEqual(desk, await monitor.Desk(desk).ReadAsync(DeskDimensions.All));
        }
    }

    private static void Demand((string Desk, string Dimension, string Key) key, Sum expected, (decimal Net, decimal Gross, int Count) found)
    {
        if (found != (expected.Net, expected.Gross, expected.Count))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"not exact, so that there is no figure: {key.Desk} {key.Dimension} {key.Key}: expected net {expected.Net}, gross {expected.Gross} of {expected.Count}, found {found}"));
        }
    }

    private void Add(Position row, int sign)
    {
        Add((row.Desk, "", ""), row, sign);
        Add((row.Desk, "trader", row.TraderId), row, sign);
        Add((row.Desk, "security", row.SecurityId), row, sign);
        Add((row.Desk, "currency", row.Currency), row, sign);
    }

    private void Add((string Desk, string Dimension, string Key) key, Position row, int sign)
    {
        if (!_sums.TryGetValue(key, out var sum))
        {
            _sums.Add(key, sum = new Sum());
        }

        sum.Net += sign * row.Delta!.Value;
        sum.Gross += sign * Math.Abs(row.Delta.Value);
        sum.Count += sign;
    }

    private sealed class Sum
    {
        public decimal Net { get; set; }

        public decimal Gross { get; set; }

        public int Count { get; set; }
    }
}
