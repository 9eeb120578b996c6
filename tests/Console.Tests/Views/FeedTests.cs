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
}
