using System.Globalization;

namespace RiskMonitor.Demo;

/// <summary>Block trades that take a desk over its limit in a few steps, rest there, and are unwound.</summary>
public sealed class LimitPush
{
    private const string IdPrefix = "BLK-";
    private const int Steps = 4;

    /// <summary>Slow enough to follow.</summary>
    private static readonly TimeSpan s_stepEvery = TimeSpan.FromMilliseconds(600);

    /// <summary>How far over the limit pushes go: each severity (from 0, 20 and 50 %) has its turn.</summary>
    private static readonly decimal[] s_reaches = [1.11m, 1.31m, 1.63m];

    private readonly TradingSystem _trading;
    private readonly Queue<SamplePosition> _toOpen;
    private readonly Queue<string> _toClose;
    private readonly TimeSpan _hold;
    private DateTimeOffset _nextTradeAt;

    private LimitPush(TradingSystem trading, string desk, IEnumerable<SamplePosition> toOpen, IEnumerable<string> toClose, TimeSpan hold)
    {
        _trading = trading;
        Desk = desk;
        _toOpen = new Queue<SamplePosition>(toOpen);
        _toClose = new Queue<string>(toClose);
        _hold = hold;
    }

    public string Desk { get; }

    public bool IsDone => _toOpen.Count == 0 && _toClose.Count == 0;

    /// <summary>Unwinds what a run before this one left over its limit.</summary>
    /// <returns>Null when it left nothing.</returns>
    public static LimitPush? UnwindLeftovers(TradingSystem trading)
    {
        var left = trading.PositionsNamed(IdPrefix);
        return left.Count == 0 ? null : new LimitPush(trading, left[0].Desk, [], left.Select(position => position.PositionId), TimeSpan.Zero);
    }

    /// <param name="number">Which push of the run this is, from 0.</param>
    /// <returns>Null when the desk has no limit, or is over it already.</returns>
    public static LimitPush? Begin(TradingSystem trading, int number, SampleDesk desk, decimal? limit, TimeSpan hold, Random random, DateTimeOffset now)
    {
        var net = trading.Positions(desk.Name).Sum(position => position.Delta ?? 0);
        if (limit is not > 0 || Math.Abs(net) > limit)
        {
            return null;
        }

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var direction = net < 0 ? -1 : 1;
        var missing = (direction * limit.Value * s_reaches[number % s_reaches.Length]) - net;
        var instruments = desk.Instruments(today).ToArray();
        var blocks = new List<SamplePosition>();
        for (var step = 1; step <= Steps; step++)
        {
            var instrument = instruments[random.Next(instruments.Length)];
            var quantity = instrument.QuantityFor(missing / Steps);
            blocks.Add(new SamplePosition(
                string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{now:HHmmss}-{step}"),
                desk.Traders[random.Next(desk.Traders.Count)],
                desk.Name,
                instrument.SecurityId,
                quantity,
                instrument.CashDelta(quantity),
                today,
                instrument.Currency));
        }

        return new LimitPush(trading, desk.Name, blocks, blocks.Select(block => block.PositionId).Reverse(), hold);
    }

    /// <summary>The next trade, if it is time for one.</summary>
    public void Trade(DateTimeOffset now)
    {
        if (now < _nextTradeAt)
        {
            return;
        }

        if (_toOpen.TryPeek(out var block))
        {
            _trading.Open(block);
            _toOpen.Dequeue();
            _nextTradeAt = now + (_toOpen.Count > 0 ? s_stepEvery : _hold);
        }
        else if (_toClose.TryPeek(out var positionId))
        {
            _trading.Close(positionId);
            _toClose.Dequeue();
            _nextTradeAt = now + s_stepEvery;
        }
    }
}
