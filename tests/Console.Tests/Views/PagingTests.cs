using System.Globalization;
using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Long lists are read a page at a time.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class PagingTests(ConsoleBrowser browser)
{
    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Pages_lead_on_and_back_and_a_filter_begins_with_the_first()
    {
        await using var world = await ConsoleWorld.StartAsync();
        for (var i = 0; i < 60; i++)
        {
            world.Trading.Open(string.Create(CultureInfo.InvariantCulture, $"Q{i:00}"), "Many", 1m);
        }

        await Eventually.IsTrueAsync("the desk has them all", async () => await world.Host.NetDeltaAsync("Many") == 60);
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/desk?name=Many");
        var list = tab.Page.Locator("[aria-labelledby=positions]");

        await ShowsAsync("1 to 25 of 60", "Q00");
        await Assertions.Expect(Button("Back")).ToBeDisabledAsync();
        await Button("Next").ClickAsync();
        await ShowsAsync("26 to 50 of 60", "Q25");
        await Button("Next").ClickAsync();
        await ShowsAsync("51 to 60 of 60", "Q50");
        await Assertions.Expect(Button("Next")).ToBeDisabledAsync();
        await Button("Back").ClickAsync();
        await ShowsAsync("26 to 50 of 60", "Q25");

        await list.GetByLabel("Currency").FillAsync("usd");
        await list.GetByLabel("Currency").PressAsync("Enter");
        await ShowsAsync("1 to 25 of 60", "Q00");
        Assert.Empty(tab.Complaints);

        ILocator Button(string name) => list.Locator(".pager").GetByRole(AriaRole.Button, new() { Name = name });

        async Task ShowsAsync(string rows, string first)
        {
            await Assertions.Expect(list.Locator(".pager .num")).ToHaveTextAsync(rows);
            await Assertions.Expect(list.Locator("tbody th").First).ToHaveTextAsync(first);
        }
    }
}
