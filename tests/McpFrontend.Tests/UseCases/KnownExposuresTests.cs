using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Markets;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.McpFrontend.Tests.UseCases;

public sealed class KnownExposuresTests
{
    private readonly Book _book = new();
    private readonly KnownExposures _known = new();

    public KnownExposuresTests()
    {
        _book.Put("Rates", "P1", 2_000);
        _book.Put("Rates", "P2", -500);
    }

    private DeskView Picture => _book.Picture("Rates");

    [Fact]
    public void A_picture_is_told_in_the_same_way_each_time()
    {
        var picture = Picture;

        Assert.Same(_known.Of(picture, belowDesk: true, null, 10), _known.Of(picture, belowDesk: true, null, 10));
    }

    [Fact]
    public void The_next_picture_is_told_anew()
    {
        var before = _known.Of(Picture, belowDesk: true, null, 10);
        _book.Put("Rates", "P1", 3_000);

        Assert.Equal(before.Delta.Amount + 1_000, _known.Of(Picture, belowDesk: true, null, 10).Delta.Amount);
    }

    [Fact]
    public void Whoever_may_see_less_is_not_told_what_another_was()
    {
        var picture = Picture;
        var all = _known.Of(picture, belowDesk: true, null, 1);
        var less = _known.Of(picture, belowDesk: false, null, 1);

        Assert.NotNull(all.ByTrader);
        Assert.Null(less.ByTrader);
        Assert.Null(less.BySecurity);
        Assert.DoesNotContain(Assert.Single(all.BySecurity!).SecurityId, Written(less));
        Assert.Equal(2, _known.Of(picture, belowDesk: true, null, null).PositionCount);
        Assert.Same(less, _known.Of(picture, belowDesk: false, null, 1));
    }

    [Fact]
    public void Another_market_snapshot_is_another_figure()
    {
        var picture = Picture;
        var currency = Assert.Single(picture.Breakdown.Currencies).Currency;
        var reporting = currency == "CHF" ? "EUR" : "CHF";

        decimal? Converted(decimal rate)
        {
            var snapshot = new MarketSnapshot($"at {rate}", default, "test", new Dictionary<string, MarketPrice>(), [new FxRate(currency, reporting, rate, default)]);
            var view = new MarketView(snapshot, new CurrencyTable(reporting, snapshot.Rates), default);
            return Assert.Single(_known.Of(picture, belowDesk: true, view, 10).ByCurrency).ReportingDelta?.Amount;
        }

        Assert.Equal(3_000, Converted(2));
        Assert.Equal(6_000, Converted(4));
    }

    [Fact]
    public void What_is_written_once_is_what_would_be_written_each_time()
    {
        var exposure = _known.Of(Picture, belowDesk: true, null, 1);

        Assert.Equal(JsonSerializer.Serialize(exposure, RiskJson.Options), Written(exposure));
        // In whatever text it stands next.
        Assert.Equal(Written(exposure), Written(exposure, new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
    }

    [Fact]
    public void An_answer_of_very_many_rows_is_not_kept()
    {
        for (var i = 0; i < 600; i++)
        {
            _book.Put("Rates", $"P{i}", i, security: $"S{i}");
        }

        var picture = Picture;

        Assert.NotSame(_known.Of(picture, belowDesk: true, null, null), _known.Of(picture, belowDesk: true, null, null));
        Assert.Same(_known.Of(picture, belowDesk: true, null, 10), _known.Of(picture, belowDesk: true, null, 10));
    }

    private static string Written(ExposureAnswer exposure, JsonSerializerOptions? options = null) =>
        JsonSerializer.SerializeToElement(new Holder(exposure), options ?? RiskJson.Options).GetProperty("exposure").GetRawText();

    private sealed record Holder([property: JsonConverter(typeof(ExposureAnswer.OnceWritten))] ExposureAnswer Exposure);
}
