using System.Net;
using Microsoft.Playwright;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Who may open the console, and what is there for whom.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class SignInTests(ConsoleBrowser browser)
{
    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Two_users_of_different_rights_see_what_is_theirs()
    {
        var (admin, viewer) = (ApiKey.New(), ApiKey.New());
        await using var world = await ConsoleWorld.StartAsync(
            ("ann", Role.Admin, "*", Clearance.Trader, admin), ("bob", Role.Viewer, ConsoleWorld.Calm, Clearance.Desk, viewer));

        await using var hers = await browser.OpenAsync(world.Server);
        await hers.SignInAsync(admin.Reveal());
        Assert.Equal(3, await hers.Page.Locator(".heatmap tbody th").CountAsync());
        await hers.GoAsync($"/inbox/{world.AlertId}");
        await hers.Page.Locator("#ack-comment").WaitForAsync();

        await using var his = await browser.OpenAsync(world.Server);
        await his.SignInAsync(viewer.Reveal());
        Assert.Equal([ConsoleWorld.Calm], await his.Page.Locator(".heatmap tbody th").AllInnerTextsAsync());
        Assert.DoesNotContain(ConsoleWorld.Breached, await his.Page.ContentAsync());
        await his.GoAsync("/inbox");
        Assert.Equal(0, await his.Page.Locator(".list li").CountAsync());
        await his.GoAsync($"/inbox/{world.AlertId}");
        await his.SeesAsync("there is no alert");
        await his.GoAsync($"/desk?name={ConsoleWorld.Breached}");
        await his.SeesAsync("there is no desk");
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_wrong_key_is_refused_and_a_right_one_returns_to_the_page_that_was_asked_for()
    {
        var admin = ApiKey.New();
        await using var world = await ConsoleWorld.StartAsync(("ann", Role.Admin, "*", Clearance.Trader, admin));
        await using var tab = await browser.OpenAsync(world.Server);

        await tab.Page.GotoAsync("/inbox?state=open");
        await tab.Page.FillAsync("#key", ApiKey.New().Reveal());
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.SeesAsync("the API key is not known");
        await tab.Page.FillAsync("#key", admin.Reveal());
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.Page.WaitForURLAsync("**/inbox?state=open");
        await tab.ShownAsync();
        await tab.Page.GetByText("Sign out").ClickAsync();
        await tab.Page.Locator("#key").WaitForAsync();
        await tab.Page.GotoAsync("/");
        await tab.Page.Locator("#key").WaitForAsync();
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_session_survives_the_process_that_began_it()
    {
        var admin = ApiKey.New();
        await using var world = await ConsoleWorld.StartAsync(("ann", Role.Admin, "*", Clearance.Trader, admin));
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.SignInAsync(admin.Reveal());

        await world.RestartAsync();
        await tab.GoAsync("/limits");

        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("ann");
        Assert.False(world.HasFile("riskmonitor.keys"));
    }

    [Fact]
    public async Task Without_a_session_there_is_only_the_sign_in_page()
    {
        await using var world = await ConsoleWorld.StartAsync(("ann", Role.Admin, "*", Clearance.Trader, ApiKey.New()));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Server };

        var page = await client.GetAsync("/inbox?state=open");
        Assert.Equal((HttpStatusCode.Redirect, "/signin?to=%2Finbox%3Fstate%3Dopen"), (page.StatusCode, page.Headers.Location?.ToString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null)).StatusCode);
        var form = await client.PostAsync("/signin", new FormUrlEncodedContent([new("Input.Key", "rmk_x"), new("_handler", "signin")]));
        Assert.Equal(HttpStatusCode.BadRequest, form.StatusCode);

        var signIn = await client.GetAsync("/signin");
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        var policy = Assert.Single(signIn.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy);
        Assert.DoesNotContain("unsafe", policy);
    }
}
