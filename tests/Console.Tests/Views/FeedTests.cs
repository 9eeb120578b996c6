using Microsoft.Playwright;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Figures that cannot be trusted are not shown as if they could.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class FeedTests(ConsoleBrowser browser)
{
    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_feed_that_goes_stale_cannot_be_overlooked_and_one_that_comes_back_is_quiet_again()
    {
        await using var world = await ConsoleWorld.StartStaleAsync(TimeSpan.FromSeconds(5));
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/");

        world.Trading.TakeTableAway();
        await tab.Page.Locator(".feed-stale[role=alert]").WaitForAsync();
        await tab.SeesAsync("STALE");

        world.Trading.BringTableBack();
        await tab.Page.Locator(".feed-live").WaitForAsync();
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Operators_see_how_far_each_partition_is_and_what_is_not_known_of_it()
    {
        var (op, viewer) = (ApiKey.New(), ApiKey.New());
        await using var world = await ConsoleWorld.StartAsync(
            ("olga", Role.Operator, "*", Clearance.Desk, op), ("bob", Role.Viewer, "*", Clearance.Desk, viewer), ("ann", Role.Admin, "*", Clearance.Trader, ApiKey.New()));
        await using var hers = await browser.OpenAsync(world.Server);
        await hers.SignInAsync(op.Reveal());
        await hers.GoAsync("/operations");

        var row = hers.Page.Locator("[aria-labelledby=partitions] tbody tr");
        await Assertions.Expect(row.Locator(".state")).ToHaveTextAsync("Live");
        // Four positions were opened, and their offsets are stored; where the outbox ends, nobody says.
        await Assertions.Expect(row.Locator("td").Nth(2)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[1-9]"));
        Assert.Equal(["not known", "not known"], await row.Locator(".quiet").AllInnerTextsAsync());
        await Assertions.Expect(row).ToContainTextAsync("ago");

        await using var his = await browser.OpenAsync(world.Server);
        await his.SignInAsync(viewer.Reveal());
        await his.GoAsync("/operations");
        Assert.Equal(0, await his.Page.Locator("#partitions").CountAsync());
    }
}
