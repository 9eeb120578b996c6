using Microsoft.Playwright;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>A storm of breaches: pages stay readable.</summary>
[Collection(nameof(ConsoleBrowser))]
public sealed class StormTests(ConsoleBrowser browser)
{
    /// <summary>Counts how often the content changes, in frames, and whether the parts of the page ever vanish.</summary>
    private const string Watch =
        """
        () => {
          const seen = window.seen = { frames: 0, vanished: 0, begun: performance.now(), moved: 0 };
          let isNew = true;
          const chosen = document.querySelector('h1');
          const top = chosen.getBoundingClientRect().top;
          new MutationObserver(() => {
            if (!document.querySelector('.now') || !document.querySelector('.heatmap tbody tr') || document.querySelector('.loading')) seen.vanished++;
            if (chosen.getBoundingClientRect().top !== top) seen.moved++;
            if (isNew) { isNew = false; seen.frames++; requestAnimationFrame(() => { isNew = true; }); }
          }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
        }
        """;

    private const string Look = "() => ({ ...window.seen, seconds: (performance.now() - window.seen.begun) / 1000 })";

    [FactWithProgram(ConsoleBrowser.Program, "chromium")]
    public async Task The_overview_is_drawn_a_few_times_a_second_and_nothing_vanishes_or_jumps()
    {
        await using var book = await StormBook.StartAsync();
        await using var tab = await browser.OpenAsync(book.Host.Http.BaseAddress!);
        await tab.GoAsync("/");
        await tab.Page.Locator(".feed").WaitForAsync();
        await tab.Page.EvaluateAsync(Watch);

        for (var round = 0; round < 20; round++)
        {
            book.Storm();
            await tab.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 100))");
        }

        await Assertions.Expect(tab.Page.Locator(".count.severity-critical b, .count.severity-warning b, .count.severity-info b")).ToHaveCountAsync(3);
        await Eventually.IsTrueAsync("the page shows the storm", async () => await tab.Page.Locator(".heat-over-0, .heat-over-1, .heat-over-2").CountAsync() > 10);
        var seen = await tab.Page.EvaluateAsync<Seen>(Look);
        // At most five drawings in two seconds by each of the two parts that read, and the words of the frame.
        Assert.InRange(seen.Frames / seen.Seconds, 0.01, 6);
        Assert.Equal((0, 0), (seen.Vanished, seen.Moved));
        Assert.Empty(tab.Complaints);
    }

    private sealed class Seen
    {
        public int Frames { get; set; }

        public int Vanished { get; set; }

        public int Moved { get; set; }

        public double Seconds { get; set; }
    }
}
