using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>A tab of the browser, and what went wrong in it.</summary>
internal sealed class ConsoleTab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public ConsoleTab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>What the browser had to complain of: refused by the content policy, failed scripts, missing files.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Opens a page and waits until it shows its answer.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ShownAsync();
    }

    public async Task ShownAsync()
    {
        await Page.Locator("h1").First.WaitForAsync();
        await Assertions.Expect(Page.Locator(".loading")).ToHaveCountAsync(0);
    }

    public Task SeesAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    public Task SeesNoAsync(string text) => Assertions.Expect(Page.GetByText(text)).ToHaveCountAsync(0);

    public async Task SignInAsync(string key)
    {
        await Page.GotoAsync("/");
        await Page.FillAsync("#key", key);
        await Page.Keyboard.PressAsync("Enter");
        await Page.Locator("header.bar").WaitForAsync();
        await ShownAsync();
    }

    /// <summary>What axe finds against WCAG 2.1 A and AA: one line for each rule.</summary>
    public async Task<IReadOnlyList<string>> AccessibilityProblemsAsync()
    {
        var result = await Page.RunAxe(new Deque.AxeCore.Commons.AxeRunOptions
        {
            RunOnly = new Deque.AxeCore.Commons.RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
        });
        return [.. result.Violations.Select(violation => $"{violation.Id}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}")];
    }

    /// <summary>Whether the page can be scrolled sideways.</summary>
    public async Task<bool> IsTooWideAsync() => await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > window.innerWidth");

    /// <summary>Tables of which a part can be seen only after scrolling sideways, by their first words.</summary>
    public async Task<IReadOnlyList<string>> CutTablesAsync() => await Page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('.scroll, .drivers')].filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.innerText.slice(0, 60).replaceAll('\\n', ' '))");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
