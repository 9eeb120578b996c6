using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>What operators and administrators do in the console.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class OperationsTests(ConsoleBrowser browser)
{
    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task An_endpoint_is_added_tested_switched_off_given_a_new_secret_and_removed()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        var page = tab.Page;
        await tab.GoAsync("/operations/delivery");

        await page.GetByRole(AriaRole.Button, new() { Name = "New endpoint" }).ClickAsync();
        await page.FillAsync("#ep-name", "ops");
        await page.FillAsync("#ep-url", "https://hooks.invalid/risk?key=geheim");
        await page.GetByLabel("Critical").CheckAsync();
        await page.FillAsync("#ep-reason", "the new operations room");
        await page.GetByRole(AriaRole.Button, new() { Name = "Store" }).ClickAsync();
        await tab.SeesAsync("The secret of ops");
        var first = await page.Locator(".secret code").InnerTextAsync();
        Assert.StartsWith("whsec_", first);
        await page.GetByText("I have kept it").ClickAsync();
        await Assertions.Expect(page.Locator(".secret")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("tr", new() { HasText = "ops" }).First).ToContainTextAsync("CRITICAL");
        Assert.DoesNotContain("geheim", await page.ContentAsync());

        await Eventually.IsTrueAsync("the silo uses the endpoint", async () =>
        {
            using var answer = await world.Host.Http.PostAsync("api/v1/endpoints/ops/test", null);
            return answer.IsSuccessStatusCode;
        });
        await Row("Test").ClickAsync();
        await tab.SeesAsync("Test message to ops: Failed");

        await DoAsync("Switch off", "under repair");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "ops" }).First).ToContainTextAsync("Off");
        Assert.False((bool)(await EndpointAsync(world))!["settings"]!["enabled"]!);
        await DoAsync("Switch on", "repaired");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "ops" }).First).ToContainTextAsync("On");

        await DoAsync("New secret", "somebody left");
        await page.Locator(".secret code").WaitForAsync();
        Assert.NotEqual(first, await page.Locator(".secret code").InnerTextAsync());
        await DoAsync("Drop the old secret", "the receiver knows it");
        await Assertions.Expect(page.GetByText("the old secret signs, too")).ToHaveCountAsync(0);

        await Row("Change").ClickAsync();
        await page.GetByLabel("Critical").UncheckAsync();
        await page.FillAsync("#ep-rate", "many");
        await page.FillAsync("#ep-reason", "all of them");
        await page.GetByRole(AriaRole.Button, new() { Name = "Store" }).ClickAsync();
        await Assertions.Expect(page.Locator("form .problem")).ToContainTextAsync("max_per_minute");
        await page.FillAsync("#ep-rate", "30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Store" }).ClickAsync();
        await Assertions.Expect(page.Locator("#ep-rate")).ToHaveCountAsync(0);
        var settings = (await EndpointAsync(world))!["settings"]!;
        Assert.Equal((0, 30, "https://hooks.invalid/risk?***"), (settings["severities"]!.AsArray().Count, (int)settings["max_per_minute"]!, (string?)settings["url"]));
        Assert.Empty(await tab.AccessibilityProblemsAsync());

        await Row("Remove").ClickAsync();
        await page.Locator("form.ack").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await tab.SeesAsync("No endpoint was set at run time");
        Assert.Empty(tab.Complaints);

        ILocator Row(string button) => page.Locator("td.acts").GetByRole(AriaRole.Button, new() { Name = button, Exact = true });

        async Task DoAsync(string act, string reason)
        {
            await Row(act).ClickAsync();
            await page.FillAsync("#act-reason", reason);
            await page.Locator("form.ack").GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
            await Assertions.Expect(page.Locator("#act-reason")).ToHaveCountAsync(0);
        }
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_dead_letter_is_found_in_the_delivery_log_and_sent_again()
    {
        // Nobody listens there: after two attempts the alert is a dead letter.
        await using var world = await ConsoleWorld.StartWithAsync(new Dictionary<string, string>
        {
            ["RiskMonitor__Webhook__Url"] = "http://127.0.0.1:9/",
            ["RiskMonitor__Webhook__Secret"] = $"whsec_{Convert.ToBase64String(new byte[32])}",
            ["RiskMonitor__Alerting__RetryDelays__0"] = "00:00:00.1",
        });
        await Eventually.IsTrueAsync("it is a dead letter", async () => (string?)(await world.Host.AlertsAsync())[0]["status"] == "dead_letter");
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.GoAsync("/operations/delivery");

        await tab.Page.Locator("select").First.SelectOptionAsync("dead_letter");
        var dead = tab.Page.Locator("tbody tr", new() { HasText = ConsoleWorld.Breached });
        await Assertions.Expect(dead).ToContainTextAsync("webhook");
        await dead.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await tab.SeesAsync($"The dead letter of {ConsoleWorld.Breached} is on its way again.");
        await Eventually.IsTrueAsync("it was tried again", async () => HistoryOf(await world.Host.GetAsync($"api/v1/alerts/{world.AlertId}")).Contains("replayed"));

        await Eventually.IsTrueAsync("it is a dead letter again", async () => (string?)(await world.Host.AlertsAsync())[0]["status"] == "dead_letter");
        await tab.Page.GetByText("Send all dead letters again").ClickAsync();
        await tab.SeesAsync("Alerts whose dead letters are on their way again: 1");
        Assert.Empty(tab.Complaints);
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_changed_limit_is_in_its_history_and_a_change_of_an_old_version_is_refused()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var first = await browser.OpenAsync(world.Server);
        await using var second = await browser.OpenAsync(world.Server);
        await SetAsync(world, "rates-net", 900_000, version: 0);
        foreach (var tab in new[] { first, second })
        {
            await tab.GoAsync($"/limits?desk={ConsoleWorld.Breached}");
            await tab.Page.Locator("tr", new() { HasText = ConsoleWorld.Breached }).GetByRole(AriaRole.Button, new() { Name = "Change" }).First.ClickAsync();
            await tab.Page.Locator("#threshold").WaitForAsync();
        }

        await ChangeAsync(first, "1200000", "more room");
        await first.SeesAsync("Version 2 is stored");
        await Assertions.Expect(first.Page.Locator("[aria-labelledby=limit-history] tbody tr").First).ToContainTextAsync("more room");
        await Assertions.Expect(first.Page.Locator("[aria-labelledby=limit-history] tbody tr").First).ToContainTextAsync("900,000");

        await ChangeAsync(second, "5000000", "far more room");
        await Assertions.Expect(second.Page.Locator("form .problem")).ToContainTextAsync("version 2, not 1");
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Silos_are_shown_to_operators_only()
    {
        var (admin, viewer) = (ApiKey.New(), ApiKey.New());
        await using var world = await ConsoleWorld.StartAsync(("ann", Role.Admin, "*", Clearance.Trader, admin), ("bob", Role.Viewer, "*", Clearance.Desk, viewer));
        var silo = Assert.Single((await world.Host.GetAsync("api/v1/silos"))["silos"]!.AsArray())!;
        Assert.Equal("active", (string?)silo["status"]);

        await using var hers = await browser.OpenAsync(world.Server);
        await hers.SignInAsync(admin.Reveal());
        await hers.GoAsync("/operations");
        await Assertions.Expect(hers.Page.Locator("[aria-labelledby=silos] tbody tr")).ToContainTextAsync((string)silo["name"]!);

        await using var his = await browser.OpenAsync(world.Server);
        await his.SignInAsync(viewer.Reveal());
        await his.GoAsync("/operations");
        Assert.Equal(0, await his.Page.Locator("#silos").CountAsync());
        await his.GoAsync("/operations/access");
        await his.SeesAsync("There is no such page");
    }

    private static async Task ChangeAsync(ConsoleTab tab, string threshold, string reason)
    {
        await tab.Page.FillAsync("#threshold", threshold);
        await tab.Page.FillAsync("#reason", reason);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Store" }).ClickAsync();
    }

    private static async Task SetAsync(ConsoleWorld world, string id, decimal threshold, int version)
    {
        using var body = new StringContent(
            string.Create(CultureInfo.InvariantCulture, $$"""{"profile":"standard","scope_kind":"desk","scope_key":"{{ConsoleWorld.Breached}}","metric":"net_delta","horizon":"intraday","threshold":{{threshold}},"version":{{version}},"reason":"mandate"}"""),
            System.Text.Encoding.UTF8,
            "application/json");
        using var answer = await world.Host.Http.PutAsync($"api/v1/limits/{id}", body);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonNode?> EndpointAsync(ConsoleWorld world) => (await world.Host.GetAsync("api/v1/endpoints"))["endpoints"]!.AsArray().SingleOrDefault();

    private static IEnumerable<string?> HistoryOf(JsonObject alert) => alert["history"]!.AsArray().Select(happened => (string?)happened!["kind"]);
}
