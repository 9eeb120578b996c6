using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>
/// Takes pictures of every view to look at: wide and on a phone, light and dark, calm and in a storm of breaches:
/// <c>RISKMONITOR_LOOKS=DIRECTORY dotnet …/RiskMonitor.Console.Tests.dll --explicit only --filter-class '*LooksTests'</c>.
/// </summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class LooksTests(ConsoleBrowser browser)
{
    private static readonly (string Name, string Path)[] s_views =
    [
        ("overview", "/"), ("inbox", "/inbox"), ("desk", $"/desk?name={Uri.EscapeDataString(StormBook.Desk(36))}"), ("ask", "/ask"), ("limits", "/limits"),
        ("operations", "/operations"), ("delivery", "/operations/delivery"), ("access", "/operations/access"),
    ];

    [FactWithProgram(ConsoleBrowser.Program, "chromium", Explicit = true)]
    public async Task Every_view_calm_and_in_a_storm()
    {
        var target = Environment.GetEnvironmentVariable("RISKMONITOR_LOOKS") is { Length: > 0 } looks ? looks : Directory.CreateTempSubdirectory("looks-").FullName;
        Directory.CreateDirectory(target);
        await using var book = await StormBook.StartAsync();
        await TakeAllAsync("calm");
        for (var round = 0; round < 12; round++)
        {
            book.Storm();
        }

        await Eventually.IsTrueAsync("the storm has alerts", async () => (await book.Host.AlertsAsync()).Count > 20);
        await TakeAllAsync("storm");

        async Task TakeAllAsync(string weather)
        {
            foreach (var (colours, width, language) in new[] { (ColorScheme.Light, 1440, "en-GB"), (ColorScheme.Dark, 1440, "en-GB"), (ColorScheme.Light, 390, "zh-CN"), (ColorScheme.Dark, 390, "en-GB") })
            {
                await using var tab = await browser.OpenAsync(book.Host.Http.BaseAddress!, language, colours, width, width < 600 ? 844 : 900);
                foreach (var (name, path) in s_views)
                {
                    await tab.GoAsync(path);
                    if (name == "inbox" && weather == "storm")
                    {
                        await tab.Page.Locator(".list li").First.WaitForAsync();
                        await tab.Page.Keyboard.PressAsync("j");
                        await tab.Page.Locator(".timeline").WaitForAsync();
                    }

                    await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(target, $"{name}-{weather}-{width}-{colours.ToString().ToLowerInvariant()}.png"), FullPage = width < 600 });
                }
            }
        }
    }
}
