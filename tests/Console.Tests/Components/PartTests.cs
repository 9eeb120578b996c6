using Bunit;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.WebConsole.Parts;
using RiskMonitor.WebConsole.Shell;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Small parts of pages, without a browser.</summary>
public sealed class PartTests : BunitContext
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, 123, TimeSpan.Zero);

    public PartTests()
    {
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(s_noon));
        Services.AddScoped<Viewer>();
        JSInterop.Setup<string?>("riskConsole.timeZone").SetResult("Asia/Shanghai");
    }

    [Fact]
    public async Task A_time_is_in_the_viewers_zone_and_in_UTC_on_hover()
    {
        await Services.GetRequiredService<Viewer>().LoadAsync();

        var time = Render<When>(parameters => parameters.Add(when => when.At, s_noon)).Find("time");

        Assert.Equal(("20:00:00", "2026-05-04 12:00:00.123 UTC"), (time.TextContent, time.GetAttribute("title")));
        Assert.Equal("2026-05-03 20:00:00", Render<When>(parameters => parameters.Add(when => when.At, s_noon.AddDays(-1))).Find("time").TextContent);
    }

    [Theory]
    [InlineData("live", "status", "Live")]
    [InlineData("stale", "alert", "STALE")]
    [InlineData("building", "alert", "BUILDING")]
    [InlineData("unproven", "alert", "UNPROVEN")]
    public void The_state_of_the_feed_is_announced_where_figures_cannot_be_trusted(string state, string role, string text)
    {
        var strip = Render<FeedStrip>(parameters => parameters.Add(feed => feed.Feed, new FeedAnswer(state, s_noon, s_noon, ["nothing heard"]))).Find(".feed");

        Assert.Equal(role, strip.GetAttribute("role"));
        Assert.Contains(text, strip.TextContent);
        Assert.Equal(state != "live", strip.TextContent.Contains("nothing heard", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.0, "ok", "heat-0")]
    [InlineData(0.79, "ok", "heat-7")]
    [InlineData(0.8, "warning", "heat-warning")]
    [InlineData(1.05, "breach", "heat-over-0")]
    [InlineData(1.3, "breach", "heat-over-1")]
    [InlineData(2.5, "breach", "heat-over-2")]
    [InlineData(null, "breach", "heat-over-2")]
    public void The_colour_of_a_use_follows_its_state_and_then_its_size(double? utilisation, string state, string css) =>
        Assert.Equal(css, HeatScale.ClassOf((decimal?)utilisation, state));

    [Fact]
    public async Task Texts_and_names_change_with_the_language()
    {
        JSInterop.SetupVoid("riskConsole.prefer", "language", Preferences.Chinese).SetVoidResult();
        var mark = Render<StateMark>(parameters => parameters.Add(part => part.State, "breach"));
        Assert.Equal("In breach", mark.Find("span").TextContent);

        await Services.GetRequiredService<Viewer>().SetLanguageAsync(Preferences.Chinese);
        Assert.Equal("超限", Render<StateMark>(parameters => parameters.Add(part => part.State, "breach")).Find("span").TextContent);
    }
}
