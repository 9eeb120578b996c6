using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>A desk: what is behind its figures, and what they were.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class DeskTests(ConsoleBrowser browser)
{
    private static readonly string s_address = $"/desk?name={Uri.EscapeDataString(ConsoleWorld.Calm)}";

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_part_of_the_exposure_leads_to_the_positions_behind_it()
    {
        await using var world = await ConsoleWorld.StartAsync();
        world.Trading.Open("P9", ConsoleWorld.Calm, 10_000m, trader: "zoe");
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync(s_address);
        var rows = tab.Page.Locator("[aria-labelledby=positions] tbody th");
        await Assertions.Expect(rows).ToHaveTextAsync(["P1", "P2", "P9"]);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "zoe", Exact = true }).ClickAsync();
        await Assertions.Expect(rows).ToHaveTextAsync(["P9"]);
        await Assertions.Expect(tab.Page.GetByLabel("Trader", new() { Exact = true })).ToHaveValueAsync("zoe");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "All positions" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveTextAsync(["P1", "P2", "P9"]);
        await Assertions.Expect(tab.Page.GetByLabel("Trader", new() { Exact = true })).ToHaveValueAsync("");
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task An_instant_is_chosen_without_a_pointer_in_the_viewers_time()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var before = DateTimeOffset.UtcNow;
        await Eventually.IsTrueAsync("another second has begun", () => Task.FromResult(DateTimeOffset.UtcNow - before > TimeSpan.FromSeconds(2)));
        world.Trading.Reprice("P1", 900_000m);
        await Eventually.IsTrueAsync("the desk has moved", async () => await world.Host.NetDeltaAsync(ConsoleWorld.Calm) == 750_000m);
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync(s_address);
        await Assertions.Expect(tab.Page.Locator("#net")).ToHaveTextAsync("750,000");

        // The browser is in Shanghai.
        var local = before.AddSeconds(1).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        await tab.Page.Locator("input[type=datetime-local]").FillAsync(local);
        await tab.Page.Keyboard.PressAsync("Tab");
        await tab.SeesAsync("As the desk was at");
        await Assertions.Expect(tab.Page.Locator("#net")).ToHaveTextAsync("250,000");
        await Assertions.Expect(tab.Page.Locator("input[type=datetime-local]")).ToHaveValueAsync(local);

        await tab.Page.GetByText("Back to now").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#net")).ToHaveTextAsync("750,000");
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task The_conclusion_is_in_the_viewers_language()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server, "zh-CN");
        await tab.GoAsync(s_address);
        await Assertions.Expect(tab.Page.Locator(".conclusion")).ToContainTextAsync("净多头 250,000 USD");

        await tab.Page.GetByText("English").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".conclusion")).ToContainTextAsync("is net long 250,000 USD");
    }
}
