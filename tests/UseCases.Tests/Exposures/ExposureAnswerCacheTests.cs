using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Markets;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Tests.World;

namespace RiskMonitor.UseCases.Tests.Exposures;

public sealed class ExposureAnswerCacheTests
{
    private readonly Book _book = new();
    private readonly ExposureAnswerCache _known = new();

    public ExposureAnswerCacheTests()
    {
        _book.Put("Rates", "P1", 2_000);
        _book.Put("Rates", "P2", -500);
    }

    private DeskView View => _book.ToView("Rates");

    [Fact]
    public void The_same_view_gets_the_same_answer_each_time()
    {
        var view = View;

        Assert.Same(_known.Of(view, belowDesk: true, null, 10), _known.Of(view, belowDesk: true, null, 10));
    }

    [Fact]
    public void The_next_view_gets_a_new_answer()
    {
        var before = _known.Of(View, belowDesk: true, null, 10);
        _book.Put("Rates", "P1", 3_000);

        Assert.Equal(before.Delta.Amount + 1_000, _known.Of(View, belowDesk: true, null, 10).Delta.Amount);
    }

    [Fact]
    public void A_caller_with_less_clearance_does_not_get_the_answer_cached_for_another()
    {
        var view = View;
        var all = _known.Of(view, belowDesk: true, null, 1);
        var less = _known.Of(view, belowDesk: false, null, 1);

        Assert.NotNull(all.ByTrader);
        Assert.Null(less.ByTrader);
        Assert.Null(less.BySecurity);
        Assert.DoesNotContain(Assert.Single(all.BySecurity!).SecurityId, Written(less));
        Assert.Equal(2, _known.Of(view, belowDesk: true, null, null).PositionCount);
        Assert.Same(less, _known.Of(view, belowDesk: false, null, 1));
    }

    [Fact]
    public void Another_market_snapshot_gives_another_figure()
    {
        var view = View;
        var currency = Assert.Single(view.Breakdown.Currencies).Currency;
        var reporting = currency == "CHF" ? "EUR" : "CHF";

        decimal? Converted(decimal rate)
        {
            var snapshot = new MarketSnapshot($"at {rate}", default, "test", new Dictionary<string, MarketPrice>(), [new FxRate(currency, reporting, rate, default)]);
            var market = new MarketView(snapshot, new CurrencyTable(reporting, snapshot.Rates), default);
            return Assert.Single(_known.Of(view, belowDesk: true, market, 10).ByCurrency).ReportingDelta?.Amount;
        }

        Assert.Equal(3_000, Converted(2));
        Assert.Equal(6_000, Converted(4));
    }

    [Fact]
    public void The_cached_json_equals_the_json_that_would_be_written_each_time()
    {
        var exposure = _known.Of(View, belowDesk: true, null, 1);

        Assert.Equal(JsonSerializer.Serialize(exposure, RiskJson.Options), Written(exposure));
        // The cached text is the same when the surrounding JSON is indented.
        Assert.Equal(Written(exposure), Written(exposure, new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
    }

    [Fact]
    public void An_answer_with_very_many_rows_is_not_cached()
    {
        for (var i = 0; i < 600; i++)
        {
            _book.Put("Rates", $"P{i}", i, security: $"S{i}");
        }

        var view = View;

        Assert.NotSame(_known.Of(view, belowDesk: true, null, null), _known.Of(view, belowDesk: true, null, null));
        Assert.Same(_known.Of(view, belowDesk: true, null, 10), _known.Of(view, belowDesk: true, null, 10));
    }

    private static string Written(ExposureAnswer exposure, JsonSerializerOptions? options = null) =>
        JsonSerializer.SerializeToElement(new Holder(exposure), options ?? RiskJson.Options).GetProperty("exposure").GetRawText();

    private sealed record Holder([property: JsonConverter(typeof(ExposureAnswer.OnceWritten))] ExposureAnswer Exposure);
}
