using System.Net;
using Microsoft.Playwright;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Users of an identity provider.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class OpenIdTests(ConsoleBrowser browser)
{
    private const string Provider = "Sign in with Bank ID";

    private static readonly ApiKey s_admin = ApiKey.New();

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_user_signs_in_at_the_provider_and_sees_what_the_token_says()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var world = await StartAsync(provider);
        await using var tab = await browser.OpenAsync(world.Server);

        await tab.Page.GotoAsync("/inbox?state=open");
        Assert.Empty(await tab.AccessibilityProblemsAsync());
        await tab.Page.GetByText(Provider).ClickAsync();
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(world.Server, "/inbox?state=open").ToString());
        await tab.ShownAsync();

        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("jo@bank.example");
        Assert.Equal(0, await tab.Page.Locator(".list li").CountAsync());
        await tab.GoAsync("/");
        Assert.Equal([ConsoleWorld.Calm], await tab.Page.Locator(".heatmap tbody th").AllInnerTextsAsync());
        Assert.Equal(1, provider.Visits);
        await tab.Page.GetByText("Sign out").ClickAsync();
        await tab.Page.GetByText(Provider).WaitForAsync();

        // An API key works beside it, and the audit log knows users by their provider.
        await tab.SignInAsync(s_admin.Reveal());
        await tab.GoAsync("/operations/access");
        await tab.SeesAsync($"token:{provider.Issuer}#jo@bank.example");
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task A_session_ends_with_its_token_and_goes_on_where_the_provider_still_knows_the_user()
    {
        await using var provider = await IdentityProvider.StartAsync();
        provider.Lifetime = visit => visit == 1 ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(30);
        await using var world = await StartAsync(provider);
        await using var tab = await browser.OpenAsync(world.Server);
        await tab.Page.GotoAsync("/signin?to=%2Flimits");
        await tab.Page.GetByText(Provider).ClickAsync();
        await tab.Page.Locator("header.bar").WaitForAsync();

        await Eventually.IsTrueAsync("the provider is asked again", () => provider.Visits == 2);

        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(world.Server, "/limits").ToString());
        await tab.ShownAsync();
        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("jo@bank.example");
    }

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task Whom_the_provider_or_the_claims_do_not_let_in_is_told_so()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var world = await StartAsync(provider);
        await using var tab = await browser.OpenAsync(world.Server);

        provider.Denies = true;
        await tab.Page.GotoAsync("/");
        await tab.Page.GetByText(Provider).ClickAsync();
        await tab.SeesAsync("Signing in at the identity provider did not work");

        (provider.Denies, provider.Claims["risk_role"]) = (false, null);
        await tab.Page.GetByText(Provider).ClickAsync();
        await tab.SeesAsync("does not say what you may see here");
        await tab.Page.GotoAsync("/limits");
        await tab.Page.Locator("#key").WaitForAsync();
    }

    [Fact]
    public async Task A_callback_that_nobody_asked_for_begins_no_session()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var world = await StartAsync(provider);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Server };

        var answer = await client.GetAsync("/signin/openid/callback?code=stolen&state=invented");

        Assert.Equal((HttpStatusCode.Redirect, "/signin?refused=provider"), (answer.StatusCode, answer.Headers.Location?.ToString()));
        Assert.DoesNotContain(answer.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(cookie => cookie.StartsWith("riskmonitor=", StringComparison.Ordinal)));
    }

    private static Task<ConsoleWorld> StartAsync(IdentityProvider provider) =>
        ConsoleWorld.StartWithAsync(provider.Settings, ("ann", Role.Admin, "*", Clearance.Trader, s_admin));
}
