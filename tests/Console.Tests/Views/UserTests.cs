using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Users and their keys are managed in the console.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class UserTests(ConsoleBrowser browser)
{
    private const string Path = "/operations/access";

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_user_is_added_gets_other_rights_and_another_key_and_is_revoked()
    {
        var admin = ApiKey.New();
        await using var world = await ConsoleWorld.StartAsync(("ann", Role.Admin, "*", Clearance.Trader, admin));
        await using var tab = await browser.OpenAsync(world.Server);
        var page = tab.Page;
        await tab.SignInAsync(admin.Reveal());
        await tab.GoAsync(Path);

        // One that could be taken for the administrator, who is in the configuration.
        await PressAsync(page, "New user");
        await page.FillAsync("#user-name", "Ann");
        await page.FillAsync("#user-desks", ConsoleWorld.Calm);
        Assert.Empty(await tab.AccessibilityProblemsAsync());
        await PressAsync(page, "Add, and show the key");
        await Assertions.Expect(page.Locator("form .problem")).ToContainTextAsync("a user of the configuration");

        await page.FillAsync("#user-name", "jane");
        await page.FillAsync("#user-desks", "");
        await PressAsync(page, "Add, and show the key");
        await Assertions.Expect(page.Locator("form .problem")).ToContainTextAsync("desks must be given");
        await page.FillAsync("#user-desks", ConsoleWorld.Calm);
        await page.Locator("#user-role").SelectOptionAsync("risk_manager");
        await PressAsync(page, "Add, and show the key");
        var first = await KeptAsync(tab);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await AskAsync(world, first, ConsoleWorld.Calm), await AskAsync(world, first, ConsoleWorld.Breached)));
        await Assertions.Expect(Row(page)).ToContainTextAsync("Risk manager");

        await PressInRowAsync(page, "Change");
        await page.GetByText("All desks, also those to come").CheckAsync();
        await page.Locator("#user-role").SelectOptionAsync("operator");
        await PressAsync(page, "Store, and show the key");
        var second = await KeptAsync(tab);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await AskAsync(world, first, ConsoleWorld.Calm), await AskAsync(world, second, ConsoleWorld.Breached)));
        await Assertions.Expect(Row(page)).ToContainTextAsync("Operator");

        await PressInRowAsync(page, "New key");
        await page.Locator("form.ack").GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        var third = await KeptAsync(tab);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await AskAsync(world, second, ConsoleWorld.Breached), await AskAsync(world, third, ConsoleWorld.Breached)));

        await PressInRowAsync(page, "Revoke");
        Assert.Empty(await tab.AccessibilityProblemsAsync());
        await page.Locator("form.ack").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Assertions.Expect(Row(page)).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(world, third, ConsoleWorld.Breached));
        await page.GetByText("Show revoked keys (3)").ClickAsync();
        await Assertions.Expect(Row(page)).ToHaveCountAsync(3);

        // Each change is in the audit log, under the name of the administrator; keys are nowhere.
        var audit = (await world.Host.GetAsync("api/v1/audit?user=ann")).ToJsonString();
        foreach (var tool in (string[])["add_user", "change_user", "revoke_user"])
        {
            var entries = (await world.Host.GetAsync($"api/v1/audit?user=ann&tool={tool}"))["entries"]!.AsArray();
            Assert.Contains(entries, entry => ((string?)entry!["outcome"], (string?)entry["channel"]) == ("ok", "console"));
        }

        Assert.All([first, second, third], key => Assert.DoesNotContain(key[^20..], audit + world.Host.Errors));
        Assert.Empty(tab.Complaints);
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task The_first_user_is_an_administrator_whose_key_stays_on_the_screen_although_the_session_ends()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var tab = await browser.OpenAsync(world.Server);
        var page = tab.Page;
        await tab.GoAsync(Path);

        await PressAsync(page, "New user");
        await page.FillAsync("#user-name", "ann");
        await page.Locator("#user-role").SelectOptionAsync("viewer");
        await PressAsync(page, "Add, and show the key");
        await Assertions.Expect(page.Locator("form .problem")).ToContainTextAsync("must be admin");
        await page.Locator("#user-role").SelectOptionAsync("admin");
        await PressAsync(page, "Add, and show the key");

        await tab.SeesAsync("the session has ended");
        var key = await page.Locator(".secret code").InnerTextAsync();
        await PressAsync(page, "I have kept it");
        await page.FillAsync("#key", key);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**{Path}");
        await tab.ShownAsync();

        // She gives herself another key, and neither other rights nor an end.
        await Assertions.Expect(Row(page, "ann")).ToContainTextAsync("yours");
        Assert.Equal(["New key"], await Row(page, "ann").Locator("button").AllInnerTextsAsync());
        await Row(page, "ann").GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await page.Locator("form.ack").GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await tab.SeesAsync("the session has ended");
        var next = await page.Locator(".secret code").InnerTextAsync();
        Assert.NotEqual(key, next);
        await PressAsync(page, "I have kept it");
        await page.FillAsync("#key", next);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**{Path}");
        Assert.DoesNotContain(tab.Complaints, complaint => !complaint.Contains("401", StringComparison.Ordinal));
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Of_two_administrators_who_change_a_user_at_a_time_the_second_reads_again()
    {
        var admin = ApiKey.New();
        await using var world = await ConsoleWorld.StartAsync(("ann", Role.Admin, "*", Clearance.Trader, admin));
        await using var first = await browser.OpenAsync(world.Server);
        await using var second = await browser.OpenAsync(world.Server);
        using (var body = new StringContent("""{"name":"jane","role":"viewer","all_desks":true,"clearance":"desk"}""", System.Text.Encoding.UTF8, "application/json"))
        {
            using var added = await world.Host.Http.PostAsync("api/v1/users", body);
            added.EnsureSuccessStatusCode();
        }

        foreach (var tab in new[] { first, second })
        {
            await tab.SignInAsync(admin.Reveal());
            await tab.GoAsync(Path);
            await PressInRowAsync(tab.Page, "Change");
            await tab.Page.Locator("#user-role").SelectOptionAsync("operator");
        }

        await PressAsync(first.Page, "Store, and show the key");
        await first.Page.Locator(".secret code").WaitForAsync();
        // The form is where it was, whatever the list shows by now.
        await PressAsync(second.Page, "Store, and show the key");
        await Assertions.Expect(second.Page.Locator("form .problem")).ToContainTextAsync("another key by now");
    }

    private static ILocator Row(IPage page, string name = "jane") => page.Locator("[aria-labelledby=users] tbody tr", new() { Has = page.Locator("th", new() { HasText = name }) });

    private static Task PressAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    private static Task PressInRowAsync(IPage page, string button) => Row(page).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Reads the key that is shown once, and has it gone.</summary>
    private static async Task<string> KeptAsync(ConsoleTab tab)
    {
        var key = await tab.Page.Locator(".secret code").InnerTextAsync();
        Assert.StartsWith(ApiKey.Prefix, key);
        await PressAsync(tab.Page, "I have kept it");
        await Assertions.Expect(tab.Page.Locator(".secret")).ToHaveCountAsync(0);
        return key;
    }

    private static async Task<HttpStatusCode> AskAsync(ConsoleWorld world, string key, string desk)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/desks/exposure?desk={Uri.EscapeDataString(desk)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await world.Host.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
