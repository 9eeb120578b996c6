using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Every view in a real browser, against the program as it is run.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class ViewTests(ConsoleBrowser browser)
{
    private static readonly string[] s_views = ["/", "/inbox", "/inbox/{alert}", "/desk?name=Rates", "/ask", "/limits", "/limits?desk=Rates", "/operations", "/operations/delivery", "/operations/access"];

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Every_view_shows_its_answer_fits_its_window_and_is_accessible_light_and_dark()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var problems = new List<string>();
        foreach (var (colours, width, language) in new[] { (ColorScheme.Light, 1440, "en-GB"), (ColorScheme.Dark, 390, "zh-CN") })
        {
            await using var tab = await browser.OpenAsync(world.Server, language, colours, width);
            foreach (var view in s_views)
            {
                await tab.GoAsync(view.Replace("{alert}", world.AlertId, StringComparison.Ordinal));
                problems.AddRange((await tab.AccessibilityProblemsAsync()).Select(problem => $"{view} {colours} {width}: {problem}"));
                if (await tab.IsTooWideAsync())
                {
                    problems.Add($"{view} {colours} {width}: is wider than its window");
                }

                if (await tab.CutTablesAsync() is { Count: > 0 } cut)
                {
                    problems.Add($"{view} {colours} {width}: is cut: {string.Join("; ", cut)}");
                }

                if (await tab.Page.Locator(".problem").CountAsync() > 0)
                {
                    problems.Add($"{view}: {await tab.Page.Locator(".problem").First.InnerTextAsync()}");
                }
            }

            problems.AddRange(tab.Complaints);
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task The_overview_has_the_breach_on_top_and_the_desks_by_nearness_and_follows_a_trade()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/");

        Assert.Contains(ConsoleWorld.Breached, await tab.Page.Locator(".breaches tbody tr").First.InnerTextAsync());
        Assert.Equal([ConsoleWorld.Breached, "Credit", ConsoleWorld.Calm], await tab.Page.Locator(".heatmap tbody th").AllInnerTextsAsync());

        world.Trading.Reprice("P1", 1_950_000m);
        await Assertions.Expect(tab.Page.Locator(".heatmap tbody th").First).ToHaveTextAsync(ConsoleWorld.Calm);
        await Assertions.Expect(tab.Page.Locator(".breaches tbody tr")).ToHaveCountAsync(2);

        // Whoever pauses reads in peace, and sees what happened meanwhile on resuming.
        await tab.Page.Keyboard.PressAsync("Space");
        await tab.SeesAsync("Paused");
        world.Trading.Close("P4");
        await Eventually.IsTrueAsync("the desk is empty", async () => await world.Host.NetDeltaAsync(ConsoleWorld.Breached) == 0);
        Assert.Equal(2, await tab.Page.Locator(".breaches tbody tr").CountAsync());
        await tab.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(tab.Page.Locator(".breaches tbody tr")).ToHaveCountAsync(1);
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task An_alert_is_acknowledged_with_the_keyboard_alone()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/inbox");

        await tab.Page.Keyboard.PressAsync("j");
        await tab.Page.Locator("#ack-comment").WaitForAsync();
        await tab.Page.Keyboard.PressAsync("a");
        await Assertions.Expect(tab.Page.Locator("#ack-comment")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("selling futures, jkag?");
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await tab.SeesAsync("Acknowledged by local-admin");

        var alert = await world.Host.GetAsync($"api/v1/alerts/{world.AlertId}");
        Assert.Equal(("selling futures, jkag?", "consumed"), ((string?)alert["alert"]!["ack_comment"], (string?)alert["alert"]!["status"]));
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task An_alert_is_snoozed_and_handed_over_with_the_keyboard_alone_and_its_timeline_says_so()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await world.AnalysedAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync($"/inbox/{world.AlertId}");
        await tab.Page.GetByText("Snooze s").WaitForAsync();

        await tab.Page.Keyboard.PressAsync("s");
        await Assertions.Expect(tab.Page.Locator("#handle-reason")).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(tab.Page.Locator("#handle-reason")).ToHaveCountAsync(0);
        Assert.EndsWith(world.AlertId, tab.Page.Url);
        await tab.Page.Keyboard.PressAsync("s");
        await Assertions.Expect(tab.Page.Locator("#handle-reason")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("waiting for the close");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.SeesAsync("Snoozed until");

        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.GoAsync($"/inbox/{world.AlertId}");
        await tab.Page.GetByText("Hand over h").WaitForAsync();
        await tab.Page.Keyboard.PressAsync("h");
        await Assertions.Expect(tab.Page.Locator("#handle-to")).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Control+a");
        await tab.Page.Keyboard.TypeAsync("emma");
        await tab.Page.Keyboard.PressAsync("Tab");
        await tab.Page.Keyboard.TypeAsync("sell futures");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.SeesAsync("With emma until");

        // The times of the timeline are the viewer's, and their place in the text is kept.
        var snoozed = tab.Page.Locator(".event-snoozed .detail-text");
        Assert.Matches("^by local-admin until [0-9-]* ?[0-9:]{8}: waiting for the close$", await snoozed.InnerTextAsync());
        Assert.EndsWith("UTC", await snoozed.Locator("time").GetAttributeAsync("title"));
        var alert = (await world.Host.GetAsync($"api/v1/alerts/{world.AlertId}"))["alert"]!;
        Assert.Equal(("waiting for the close", "emma", "sell futures"), ((string?)alert["snooze"]!["reason"], (string?)alert["assignment"]!["to"], (string?)alert["assignment"]!["reason"]));
        await Assertions.Expect(tab.Page.Locator(".list .holder")).ToContainTextAsync("emma");
        await Assertions.Expect(tab.Page.Locator(".list .snoozed")).ToHaveCountAsync(1);
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Filters_of_the_alerts_stand_in_the_address()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/inbox?state=cured");
        Assert.Equal(0, await tab.Page.Locator(".list li").CountAsync());

        await tab.Page.Locator("select").First.SelectOptionAsync("open");
        await Assertions.Expect(tab.Page.Locator(".list li")).ToHaveCountAsync(1);
        Assert.EndsWith("/inbox?state=open", tab.Page.Url);
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task What_is_being_written_is_kept_while_another_page_is_looked_at_and_through_a_restart()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        var comment = tab.Page.Locator("#ack-comment");
        await tab.GoAsync($"/inbox/{world.AlertId}");
        await comment.WaitForAsync();
        await tab.Page.Keyboard.PressAsync("a");
        await Assertions.Expect(comment).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("selling futures");

        // The first Escape leaves the field, the second the alert.
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(comment).Not.ToBeFocusedAsync();
        Assert.EndsWith(world.AlertId, tab.Page.Url);
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(comment).ToHaveCountAsync(0);
        await tab.Page.Keyboard.PressAsync("j");
        await Assertions.Expect(comment).ToHaveValueAsync("selling futures");

        await world.RestartAsync();
        await tab.Page.Locator(".reconnect[open]").WaitForAsync();
        await Assertions.Expect(tab.Page.Locator(".reconnect[open]")).ToHaveCountAsync(0);
        await Assertions.Expect(comment).ToHaveValueAsync("selling futures");
        await tab.Page.Keyboard.PressAsync("a");
        await Assertions.Expect(comment).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await tab.SeesAsync("Acknowledged by local-admin");
        Assert.Equal("selling futures", (string?)(await world.Host.GetAsync($"api/v1/alerts/{world.AlertId}"))["alert"]!["ack_comment"]);
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("() => sessionStorage.length"));
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_page_comes_back_by_itself_after_a_restart()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/");

        await world.RestartAsync();
        world.Trading.Reprice("P1", 2_500_000m);

        await Assertions.Expect(tab.Page.Locator(".heatmap tbody th").First).ToHaveTextAsync(ConsoleWorld.Calm);
    }
}
