using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>Two frontends of one cluster are one console.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class TwoFrontendsTests(ConsoleBrowser browser)
{
    private const string View = "/limits?desk=Rates";

    [FactWithMariaDb]
    public async Task A_session_holds_at_both_and_an_open_page_goes_on_at_the_other_when_its_own_dies()
    {
        Assert.SkipUnless(ConsoleBrowser.IsInstalled, $"the {ConsoleBrowser.Program} program is not installed (Debian package chromium)");
        await using var cluster = await ConsoleCluster.StartAsync();
        await cluster.LimitAsync("Rates", 900_000);
        var (first, second) = (cluster.Frontends[0], cluster.Frontends[1]);
        await using var balancer = new Balancer(first.Http.BaseAddress!, second.Http.BaseAddress!);

        // Cookies are of a host, whatever its port. Signed in at one, the browser is known to the other.
        await using var both = await browser.OpenAsync(first.Http.BaseAddress!);
        await both.SignInAsync(cluster.AdminKey);
        await both.GoAsync(new Uri(second.Http.BaseAddress!, View).ToString());
        await ShowsViewAsync(both, "Limits");

        // The administrator reads in Chinese, and stays at the first frontend until it dies.
        await using var tab = await browser.OpenAsync(balancer.Address);
        await tab.SignInAsync(cluster.AdminKey);
        await tab.GoAsync(View);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
        await ShowsViewAsync(tab, "限额");
        await tab.Page.EvaluateAsync("() => { window.isOfFirst = true; }");
        first.Kill();

        await tab.Page.WaitForFunctionAsync("() => !window.isOfFirst && document.querySelector('.who')");
        await tab.ShownAsync();
        await ShowsViewAsync(tab, "限额");
        Assert.EndsWith(View, tab.Page.Url);
        // It is connected again, and not only drawn.
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "变更" }).First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#threshold")).ToHaveValueAsync("900000");
    }

    private static async Task ShowsViewAsync(ConsoleTab tab, string title)
    {
        await Assertions.Expect(tab.Page.Locator("h1").First).ToHaveTextAsync(title);
        await Assertions.Expect(tab.Page.Locator(".who")).ToContainTextAsync("ann");
        await Assertions.Expect(tab.Page.Locator("tbody tr", new() { HasText = "Rates" }).First).ToContainTextAsync("900,000");
    }
}
