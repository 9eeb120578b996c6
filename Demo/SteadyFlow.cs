using System.Globalization;

namespace RiskMonitor.Demo;

/// <summary>Ordinary trading: positions are resized, opened and closed so that the desk's use of its limit stays within a band.</summary>
public sealed class SteadyFlow(TradingSystem trading, (decimal Least, decimal Greatest) band, Random random, DateOnly today)
{
    private const string IdPrefix = "POS-";
    private const int Tries = 8;

    private readonly Dictionary<string, Instrument[]> _instruments = SampleDesk.All.ToDictionary(desk => desk.Name, desk => desk.Instruments(today).ToArray());
    private int _lastNumber = LastNumber(trading);

    /// <summary>Makes one trade, or none when the desk is over its limit (a user may have brought it there on purpose) or nothing fits.</summary>
    /// <param name="limit">The desk's net_delta limit; null: none.</param>
    public void Trade(SampleDesk desk, decimal? limit)
    {
        var positions = trading.Positions(desk.Name);
        var net = positions.Sum(position => position.Delta ?? 0);
        if (Math.Abs(net) > limit)
        {
            return;
        }

        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var (moved, write) = Propose(desk, positions);
            if (Fits(net, net + moved, limit))
            {
                write();
                return;
            }
        }
    }

    private (decimal Moved, Action Write) Propose(SampleDesk desk, IReadOnlyList<SamplePosition> positions)
    {
        var draw = random.NextDouble();
        if (positions.Count == 0 || (draw < 0.12 && positions.Count < desk.Positions + 6))
        {
            return ProposeToOpen(desk);
        }

        var position = positions[random.Next(positions.Count)];
        if (draw < 0.24 && positions.Count > desk.Positions - 6)
        {
            return (-(position.Delta ?? 0), () => trading.Close(position.PositionId));
        }

        // The price stays: the cash delta of one unit is what it was.
        var lot = _instruments[desk.Name].FirstOrDefault(instrument => instrument.SecurityId == position.SecurityId)?.Lot ?? 1;
        var lots = Math.Max(1, Math.Round(Math.Abs(position.Quantity) / lot * (decimal)(0.05 + (0.2 * random.NextDouble()))));
        var quantity = position.Quantity + (lots * lot * (random.Next(2) == 0 ? 1 : -1));
        if (quantity == 0 || position.Quantity == 0 || position.Delta is null)
        {
            return (-(position.Delta ?? 0), () => trading.Close(position.PositionId));
        }

        var delta = Math.Round(position.Delta.Value / position.Quantity * quantity, 4);
        return (delta - position.Delta.Value, () => trading.Resize(position.PositionId, quantity, delta));
    }

    private (decimal Moved, Action Write) ProposeToOpen(SampleDesk desk)
    {
        var instruments = _instruments[desk.Name];
        var instrument = instruments[random.Next(instruments.Length)];
        var size = (decimal)(60_000 + (540_000 * random.NextDouble())) * (random.Next(2) == 0 ? 1 : -1);
        var quantity = instrument.QuantityFor(size);
        var delta = instrument.CashDelta(quantity);
        return (delta, () => trading.Open(new SamplePosition(
            string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{++_lastNumber:D6}"),
            desk.Traders[random.Next(desk.Traders.Count)],
            desk.Name,
            instrument.SecurityId,
            quantity,
            delta,
            today,
            instrument.Currency)));
    }

    /// <summary>Inside the band, or on the way into it.</summary>
    private bool Fits(decimal before, decimal after, decimal? limit)
    {
        if (limit is not > 0)
        {
            return true;
        }

        var (used, uses) = (Math.Abs(before) / limit.Value, Math.Abs(after) / limit.Value);
        return (uses >= band.Least || uses > used) && (uses <= band.Greatest || uses < used) && uses < 1;
    }

    private static int LastNumber(TradingSystem trading) => trading.PositionsNamed(IdPrefix)
        .Select(position => int.TryParse(position.PositionId.AsSpan(IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .DefaultIfEmpty()
        .Max();
}
