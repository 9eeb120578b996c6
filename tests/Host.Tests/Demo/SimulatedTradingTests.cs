using Microsoft.Data.Sqlite;
using RiskMonitor.Demo;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Host.Tests.Demo;

public sealed class SimulatedTradingTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly SampleDesk Desk = SampleDesk.All[0];

    private readonly TemporaryDirectory _directory = new();
    private readonly SampleBook _book = SampleBook.For(Today);
    private readonly TradingSystem _trading;

    public SimulatedTradingTests()
    {
        using (var connection = new SqliteConnection($"Data Source={_directory.File("positions.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE positions (position_id TEXT PRIMARY KEY, trader_id TEXT, desk TEXT, security_id TEXT, quantity TEXT, delta TEXT, entry_date TEXT, currency TEXT)";
            command.ExecuteNonQuery();
        }

        _trading = new TradingSystem(_directory.File("positions.db"));
        _trading.OpenAll(_book.Positions);
    }

    private decimal Limit => _book.Limits.Single(limit => limit.ScopeKey == Desk.Name).Threshold;

    private decimal Net => _trading.Positions(Desk.Name).Sum(position => position.Delta!.Value);

    private decimal Utilisation => Math.Abs(Net) / Limit;

    [Fact]
    public void The_book_comes_back_as_it_was_written() => Assert.Equal(
        _book.Positions.Where(position => position.Desk == Desk.Name), _trading.Positions(Desk.Name));

    [Fact]
    public void A_thousand_ordinary_trades_move_a_desk_and_never_over_its_limit()
    {
        var flow = new SteadyFlow(_trading, TradeSimulatorOptions.Default.Band, new Random(1), Today);
        var seen = new HashSet<decimal>();
        for (var i = 0; i < 1000; i++)
        {
            flow.Trade(Desk, Limit);
            seen.Add(Utilisation);
            Assert.InRange(Utilisation, 0.5m, 0.9m);
        }

        Assert.True(seen.Count > 500, "the desk hardly traded");
        Assert.InRange(_trading.Positions(Desk.Name).Count, 30, 60);
    }

    [Fact]
    public void A_desk_that_somebody_else_took_over_its_limit_is_left_alone()
    {
        var position = _trading.Positions(Desk.Name)[0];
        _trading.Resize(position.PositionId, position.Quantity, 100_000_000m);
        var before = _trading.Positions(Desk.Name);

        new SteadyFlow(_trading, TradeSimulatorOptions.Default.Band, new Random(1), Today).Trade(Desk, Limit);

        Assert.Equal(before, _trading.Positions(Desk.Name));
        Assert.Null(LimitPush.Begin(_trading, 0, Desk, Limit, TimeSpan.Zero, new Random(1), Now));
    }

    [Theory]
    [InlineData(0, Severity.Info)]
    [InlineData(1, Severity.Warning)]
    [InlineData(2, Severity.Critical)]
    [InlineData(3, Severity.Info)]
    public void A_push_takes_a_desk_over_its_limit_holds_it_there_and_brings_it_back(int number, Severity severity)
    {
        var before = _trading.Positions(Desk.Name);
        var push = LimitPush.Begin(_trading, number, Desk, Limit, TimeSpan.FromSeconds(8), new Random(number), Now)!;

        var now = Now;
        for (; Utilisation <= 1; now += TimeSpan.FromSeconds(0.2))
        {
            push.Trade(now);
            Assert.True(now < Now + TimeSpan.FromSeconds(3), "the push does not reach the limit");
        }

        for (var held = Now + TimeSpan.FromSeconds(9); now < held; now += TimeSpan.FromSeconds(0.2))
        {
            push.Trade(now);
            Assert.True(Utilisation > 1);
        }

        Assert.Equal(severity, Severities.Of(Net, _book.Limits.Single(limit => limit.ScopeKey == Desk.Name)));

        for (; !push.IsDone; now += TimeSpan.FromSeconds(0.2))
        {
            push.Trade(now);
        }

        Assert.Equal(before, _trading.Positions(Desk.Name));
    }

    [Fact]
    public void A_push_that_a_crash_cut_short_is_unwound_at_the_next_start()
    {
        var before = _trading.Positions(Desk.Name);
        var push = LimitPush.Begin(_trading, 0, Desk, Limit, TimeSpan.FromSeconds(8), new Random(1), Now)!;
        for (var step = 0; step < 4; step++)
        {
            push.Trade(Now + TimeSpan.FromSeconds(step));
        }

        Assert.True(Utilisation > 1);
        var unwinding = LimitPush.UnwindLeftovers(_trading)!;
        for (var now = Now; !unwinding.IsDone; now += TimeSpan.FromSeconds(1))
        {
            unwinding.Trade(now);
        }

        Assert.Equal(before, _trading.Positions(Desk.Name));
        Assert.Null(LimitPush.UnwindLeftovers(_trading));
    }

    public void Dispose()
    {
        _trading.Dispose();
        _directory.Dispose();
    }
}
