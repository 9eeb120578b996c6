using System.Text.RegularExpressions;
using RiskMonitor.Demo;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Host.Tests.Demo;

public sealed partial class SampleBookTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    public static TheoryData<DateOnly> Days => [Today, new DateOnly(2027, 2, 28), new DateOnly(2028, 6, 20), new DateOnly(2026, 12, 31)];

    [Theory]
    [MemberData(nameof(Days))]
    public void Every_desk_starts_well_used_and_within_its_limit(DateOnly today)
    {
        var book = SampleBook.For(today);

        Assert.Equal(8, book.Limits.Count);
        Assert.All(book.Limits, limit =>
        {
            var net = book.Positions.Where(position => position.Desk == limit.ScopeKey).Sum(position => position.Delta!.Value);
            Assert.InRange(Utilisation.Of(net, limit).Ratio!.Value, 0.58m, 0.86m);
            Assert.Null(limit.Problem());
        });
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void Booking_the_book_position_by_position_crosses_no_limit_on_the_way(DateOnly today)
    {
        var book = SampleBook.For(today);

        Assert.All(book.Limits, limit =>
        {
            var net = 0m;
            Assert.All(book.Positions.Where(position => position.Desk == limit.ScopeKey), position =>
                Assert.NotEqual(UtilisationState.Breach, Utilisation.Of(net += position.Delta!.Value, limit).State));
        });
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void Positions_have_the_size_of_a_desks_positions(DateOnly today)
    {
        var positions = SampleBook.For(today).Positions;

        Assert.InRange(positions.Count, 300, 400);
        Assert.All(positions, position => Assert.InRange(Math.Abs(position.Delta!.Value), 10_000m, 3_000_000m));
        Assert.All(positions.CountBy(position => position.Desk), desk => Assert.InRange(desk.Value, 30, 60));
        Assert.Equal(positions.Count, positions.DistinctBy(position => position.PositionId).Count());
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void A_delta_is_the_quantity_times_what_one_unit_moves(DateOnly today)
    {
        var instruments = SampleDesk.All.SelectMany(desk => desk.Instruments(today)).DistinctBy(instrument => instrument.SecurityId).ToDictionary(instrument => instrument.SecurityId);

        Assert.All(SampleBook.For(today).Positions, position =>
        {
            var instrument = instruments[position.SecurityId];
            Assert.Equal(Math.Round(position.Quantity * instrument.UnitCashDelta, 4), position.Delta);
            Assert.Equal(instrument.Currency, position.Currency);
        });
    }

    [Fact]
    public void A_bought_put_and_bought_protection_are_short_and_a_bought_call_is_long()
    {
        var instruments = SampleDesk.All.SelectMany(desk => desk.Instruments(Today)).ToList();

        Assert.All(instruments.Where(instrument => instrument.SecurityId.Contains("-CALL-")), call => Assert.True(call.UnitCashDelta > 0));
        Assert.All(instruments.Where(instrument => instrument.SecurityId.Contains("-PUT-")), put => Assert.True(put.UnitCashDelta < 0));
        Assert.All(instruments.Where(instrument => instrument.SecurityId.Contains("-CDS-")), protection => Assert.True(protection.UnitCashDelta < 0));
    }

    [Fact]
    public void A_call_and_a_put_of_the_same_strike_differ_by_the_underlying()
    {
        // Put-call parity at a rate of zero.
        var options = new Underlying("SPX", "USD", 6210m, 0.16, 100, 50m).Options(Today, [new DateOnly(2026, 12, 18)]).ToDictionary(option => option.SecurityId);

        Assert.Equal(621_000m, options["SPX-CALL-6100-20261218"].UnitCashDelta - options["SPX-PUT-6100-20261218"].UnitCashDelta);
    }

    [Fact]
    public void The_delta_of_an_option_at_the_money_is_that_of_the_textbook()
    {
        // Spot 100, strike 98, a year less a few days: d1 = ln(100/98)/0.2 + 0.1 = 0.2010, N(d1) = 0.5797.
        var option = new Underlying("X", "USD", 100m, 0.2, 1, 1m).Options(Today, [Today.AddDays(365)]).Single(instrument => instrument.SecurityId == "X-CALL-98-20271122");

        Assert.Equal(57.97m, option.UnitCashDelta, 1);
    }

    [Fact]
    public void A_desk_trades_in_one_currency_unless_its_name_says_mixed() => Assert.All(SampleDesk.All, desk =>
        Assert.Equal(!desk.Name.Contains("mixed"), desk.Instruments(Today).Select(instrument => instrument.Currency).Distinct().Count() == 1));

    [Fact]
    public void Instruments_are_named_as_the_field_names_them_and_have_not_expired() => Assert.All(
        SampleDesk.All.SelectMany(desk => desk.Instruments(Today)),
        instrument =>
        {
            var match = InstrumentName().Match(instrument.SecurityId);
            Assert.True(match.Success, instrument.SecurityId);
            Assert.True(DateOnly.ParseExact(match.Groups["expiry"].Value, "yyyyMMdd") > Today, instrument.SecurityId);
        });

    [Fact]
    public void The_same_day_gives_the_same_book() => Assert.Equal(SampleBook.For(Today).Positions, SampleBook.For(Today).Positions);

    [GeneratedRegex(@"^[A-Z0-9-]+-(((CALL|PUT)-[0-9.]+)|FWD|FUT|TRS|CDS-[0-9]+Y)-(?<expiry>\d{8})$")]
    private static partial Regex InstrumentName();
}
