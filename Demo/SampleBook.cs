using System.Globalization;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Demo;

/// <summary>The book that the demo starts with: the same one for the same day.</summary>
public sealed class SampleBook(IReadOnlyList<SamplePosition> positions, IReadOnlyList<RiskLimit> limits)
{
    /// <summary>Least and largest size of a position's cash delta.</summary>
    private const double LeastDelta = 60_000;
    private const double LargestDelta = 2_200_000;

    /// <summary>Limits are round figures.</summary>
    private const decimal LimitStep = 100_000m;

    private const int Seed = 20_150;

    public IReadOnlyList<SamplePosition> Positions { get; } = positions;

    /// <summary>One net_delta limit per desk; none is in breach.</summary>
    public IReadOnlyList<RiskLimit> Limits { get; } = limits;

    public static SampleBook For(DateOnly today)
    {
        var random = new Random(Seed);
        var positions = new List<SamplePosition>();
        var limits = new List<RiskLimit>();
        foreach (var desk in SampleDesk.All)
        {
            var held = Held(desk, today, random, positions.Count).ToList();
            positions.AddRange(held);
            limits.Add(LimitOf(desk, held));
        }

        return new SampleBook(positions, limits);
    }

    private static IEnumerable<SamplePosition> Held(SampleDesk desk, DateOnly today, Random random, int numbered)
    {
        var instruments = desk.Instruments(today).ToArray();
        var net = 0m;
        for (var i = 0; i < desk.Positions; i++)
        {
            // A desk hedges as it goes: each position pulls towards where the desk should be by then, most of the time.
            var missing = (desk.NetDelta * (i + 1) / desk.Positions) - net;
            var isLast = i == desk.Positions - 1;
            var size = isLast ? Math.Min(Math.Abs(missing), (decimal)LargestDelta) : (decimal)Size(random);
            var sign = Math.Sign(missing) * (isLast || random.NextDouble() < 0.8 ? 1 : -1);
            var instrument = instruments[random.Next(instruments.Length)];
            var quantity = instrument.QuantityFor(size * (sign == 0 ? 1 : sign));
            var delta = instrument.CashDelta(quantity);
            net += delta;
            yield return new SamplePosition(
                string.Create(CultureInfo.InvariantCulture, $"POS-{numbered + i + 1:D6}"),
                desk.Traders[random.Next(desk.Traders.Count)],
                desk.Name,
                instrument.SecurityId,
                quantity,
                delta,
                today.AddDays(-random.Next(1, 120)),
                instrument.Currency);
        }
    }

    /// <summary>Many small positions, few large ones.</summary>
    private static double Size(Random random) => LeastDelta * Math.Exp(random.NextDouble() * Math.Log(LargestDelta / LeastDelta));

    private static RiskLimit LimitOf(SampleDesk desk, List<SamplePosition> held)
    {
        var net = Math.Abs(held.Sum(position => position.Delta ?? 0));
        return new LimitIdentity(desk.Name, RiskMetric.NetDelta, AlertingScope.Default.Profile, AlertingScope.Default.Horizon)
            .NewLimit(Math.Ceiling(net / desk.Utilisation / LimitStep) * LimitStep, "demo", "demo");
    }
}
