using Microsoft.Playwright;
using RiskMonitor.Host.Tests;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>
/// Takes the images of the documentation from the demo: <c>RISKMONITOR_IMAGES=docs/images dotnet …/RiskMonitor.Console.Tests.dll --explicit only --filter-class '*ImageTests'</c>.
/// Without the variable they are made and thrown away.
/// </summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class ImageTests(ConsoleBrowser browser)
{
    [FactWithProgram(ConsoleBrowser.Program, "chromium", Explicit = true)]
    public async Task The_main_views_of_the_demo_are_images_of_less_than_200_kB()
    {
        using var data = new TemporaryDirectory();
        var target = Environment.GetEnvironmentVariable("RISKMONITOR_IMAGES") is { Length: > 0 } images ? images : data.Path;
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", data.Path]);
        // Histories need a past, and an overview is worth an image when something is in breach.
        await Eventually.IsTrueAsync("breaches were cured", async () => (await host.AlertsAsync()).Count(alert => (string?)alert["breach_state"] == "cured") >= 2);

        await TakeAsync(host, "alert", "/inbox?state=open", ColorScheme.Light, 1440, "en-GB", async page =>
        {
            await page.Keyboard.PressAsync("j");
            await page.Locator(".timeline").WaitForAsync();
        });
        await TakeAsync(host, "overview", "/", ColorScheme.Light, 1440, "en-GB", page => page.Locator("svg.spark").First.WaitForAsync());
        await TakeAsync(host, "overview-phone", "/", ColorScheme.Dark, 390, "en-GB", page => page.Locator(".heatmap").WaitForAsync());
        await TakeAsync(host, "desk", "/desk?name=Euro%20Index%20Options", ColorScheme.Dark, 1440, "en-GB", page => page.Locator(".chart").WaitForAsync());
        await TakeAsync(host, "ask", "/ask", ColorScheme.Light, 1440, "zh-CN", async page =>
        {
            await page.Locator(".examples button").Nth(1).ClickAsync();
            await page.Locator(".answer").WaitForAsync();
        });

        async Task TakeAsync(HostProcess of, string name, string path, ColorScheme colours, int width, string language, Func<IPage, Task>? act = null)
        {
            await using var tab = await browser.OpenAsync(of.Http.BaseAddress!, language, colours, width, width < 600 ? 844 : 900);
            if (name is "overview" or "overview-phone" or "alert")
            {
                await Eventually.IsTrueAsync("a desk is in breach", async () => (await of.AlertsAsync()).Any(alert => (string?)alert["breach_state"] == "open"));
            }

            await tab.GoAsync(path);
            await (act?.Invoke(tab.Page) ?? Task.CompletedTask);
            var image = await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(target, $"{name}.png") });
            Assert.InRange(image.Length, 1, 200_000);
            Assert.Empty(tab.Complaints);
        }
    }
}
