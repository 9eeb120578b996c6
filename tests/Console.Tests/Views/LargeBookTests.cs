using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using RiskMonitor.Host.Tests;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>
/// Says how long each view takes with 1,000 desks and 100,000 positions, from the click to the picture:
/// <c>dotnet …/RiskMonitor.Console.Tests.dll --explicit only --filter-class '*LargeBookTests' --show-live-output on</c>. It judges nothing, because that depends on the machine.
/// </summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class LargeBookTests(ConsoleBrowser browser, ITestOutputHelper output)
{
    private const int Desks = 1_000;
    private const int Positions = 100_000;
    private const int Breaches = 40;
    private const int Times = 5;

    private static readonly (string Path, string Shown)[] s_views =
    [
        ("/", ".heatmap tbody tr"), ("/inbox?state=open", ".list li"), ("/desk?name=Desk%200000", ".grid tbody tr"), ("/desk?name=Desk%200500", ".grid tbody tr"), ("/ask", ".ask input"),
        ("/limits", ".grid tbody tr"), ("/operations", "#feed"), ("/operations/delivery", "#deliveries"), ("/operations/access", "#audit"),
    ];

    [FactWithProgram(ConsoleBrowser.Program, "chromium", Explicit = true)]
    public async Task Each_view_is_shown_with_a_large_book()
    {
        using var data = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            ["--no-demo", "--port", "0", "--data", data.Path], new Dictionary<string, string> { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000" });
        Fill(data.Path);
        await Eventually.IsTrueAsync("the book is read", async () => await LastDeskAsync(host) == Positions / Desks);
        await Eventually.IsTrueAsync("the breaches have alerts", async () => (await host.AlertsAsync()).Count >= Breaches);

        await using var tab = await browser.OpenAsync(host.Http.BaseAddress!);
        await tab.GoAsync("/");
        foreach (var (path, shown) in s_views)
        {
            var loads = new List<double>();
            var changes = new List<double>();
            for (var i = 0; i < Times; i++)
            {
                loads.Add(await TimeAsync(tab.Page, shown, () => tab.Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit })));
                await tab.Page.GotoAsync("/not-found");
                await tab.ShownAsync();
                changes.Add(await TimeAsync(tab.Page, shown, () => tab.Page.EvaluateAsync("path => Blazor.navigateTo(path)", path)));
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{path,-30} loaded in {loads.Order().ElementAt(Times / 2),5:0} ms (at most {loads.Max(),5:0}), from another page in {changes.Order().ElementAt(Times / 2),5:0} ms (at most {changes.Max(),5:0})"));
        }

        await tab.GoAsync("/");
        var second = await TimeAsync(tab.Page, ".pager .num:has-text('61')", () => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"second page of the heat map in {second:0} ms"));
    }

    /// <summary>From the click until the browser has drawn what is waited for.</summary>
    private static async Task<double> TimeAsync(IPage page, string shown, Func<Task> go)
    {
        var begun = Stopwatch.GetTimestamp();
        await go();
        await page.Locator(shown).First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static async Task<int> LastDeskAsync(HostProcess host)
    {
        using var answer = await host.Http.GetAsync($"api/v1/desks/Desk%20{Desks - 1:0000}/exposure");
        return answer.IsSuccessStatusCode ? (int)(await host.GetAsync($"api/v1/desks/Desk%20{Desks - 1:0000}/exposure"))["exposure"]!["position_count"]! : 0;
    }

    /// <summary>Each desk has as many positions as the others; those of the first few are over their limit.</summary>
    private static void Fill(string data)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "positions.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
            VALUES ($id, $trader, $desk, $security, '10', $delta, '2026-11-20', 'USD')
            """;
        var parameters = new[] { "$id", "$trader", "$desk", "$security", "$delta" }.Select(name => command.Parameters.Add(new SqliteParameter(name, ""))).ToArray();
        for (var i = 0; i < Positions; i++)
        {
            var desk = i % Desks;
            parameters[0].Value = $"P{i:000000}";
            parameters[1].Value = $"trader-{desk}-{i / Desks % 12}";
            parameters[2].Value = $"Desk {desk:0000}";
            parameters[3].Value = $"SEC-{i / Desks % 70:00}-{desk % 13}";
            parameters[4].Value = (desk < Breaches ? 13_000m + i % 97 : (desk % 100 * 90m) + i % 97).ToString(CultureInfo.InvariantCulture);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
