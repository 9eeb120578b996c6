using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Limits are set in the console.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class LimitTests(ConsoleBrowser browser)
{
    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_new_limit_is_set_judged_by_and_in_its_history_and_a_second_one_of_its_id_is_refused()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var first = await browser.OpenAsync(world.Server);
        await using var second = await browser.OpenAsync(world.Server, width: 390);
        foreach (var tab in new[] { first, second })
        {
            await tab.GoAsync("/limits?desk=Credit");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "New limit" }).ClickAsync();
            await Assertions.Expect(tab.Page.Locator("#new-desk")).ToHaveValueAsync("Credit");
            await Assertions.Expect(tab.Page.Locator("#new-id")).ToHaveAttributeAsync("placeholder", "desk:Credit:net_delta-standard-intraday");
            await tab.Page.FillAsync("#new-threshold", "800,000");
            await tab.Page.FillAsync("#new-reason", "a mandate of its own");
            Assert.Empty(await tab.AccessibilityProblemsAsync());
            Assert.False(await tab.IsTooWideAsync());
        }

        await first.Page.FillAsync("#new-warning", "most");
        await StoreAsync(first);
        await Assertions.Expect(first.Page.Locator("form .problem")).ToContainTextAsync("give a percentage such as 80");
        await first.Page.FillAsync("#new-warning", "90");
        await first.Page.FillAsync("#new-from", "2026-05-04T12:00");
        await StoreAsync(first);
        await first.SeesAsync("Version 1 is stored");

        // The viewer is in Shanghai.
        var stored = Assert.Single((await world.Host.GetAsync("api/v1/limits?desk=Credit"))["limits"]!.AsArray(), limit => (string?)limit!["scope_kind"] == "desk")!;
        Assert.Equal(
            ("desk:Credit:net_delta-standard-intraday", "a mandate of its own", 1, "2026-05-04T04:00:00Z"),
            ((string?)stored["limit_id"], (string?)stored["reason"], (int)stored["version"]!, DateTimeOffset.Parse((string)stored["valid_from"]!, System.Globalization.CultureInfo.InvariantCulture).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(0.9m, (decimal)stored["warning_ratio"]!);
        await Assertions.Expect(first.Page.Locator("[aria-labelledby=limit-history] tbody tr").First).ToContainTextAsync("a mandate of its own");
        await Eventually.IsTrueAsync("the desk is in breach of it", async () => (await world.Host.AlertsAsync()).Count == 2);

        await StoreAsync(second);
        await Assertions.Expect(second.Page.Locator("form .problem")).ToContainTextAsync("version 1, not 0");
        Assert.Empty(first.Complaints);
    }

    private static Task StoreAsync(ConsoleTab tab) => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Store" }).ClickAsync();
}
