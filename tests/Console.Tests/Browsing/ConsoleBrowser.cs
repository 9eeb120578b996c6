using Microsoft.Playwright;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>Debian's Chromium, driven from here. One for all tests: each has a context of its own, with its own cookies.</summary>
public sealed class ConsoleBrowser : IAsyncLifetime
{
    public const string Program = "chromium";

    /// <summary>A loaded machine needs longer than an idle one; a test that passes never waits so long.</summary>
    private const int DeadlineMilliseconds = 120_000;

    private static readonly string[] s_options =
    [
        // The browser's sandbox needs user namespaces, which many test systems lack. The pages under test use none of the features that are switched off.
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private const string Executable = "/usr/bin/chromium";

    private IPlaywright? _driver;
    private IBrowser? _browser;

    public static bool IsInstalled => File.Exists(Executable);

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(DeadlineMilliseconds);
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = s_options, Timeout = DeadlineMilliseconds });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _driver?.Dispose();
    }

    /// <summary>A tab of its own.</summary>
    internal async Task<ConsoleTab> OpenAsync(Uri server, string language = "en-GB", ColorScheme colours = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.ToString(),
            Locale = language,
            TimezoneId = "Asia/Shanghai",
            ColorScheme = colours,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(DeadlineMilliseconds);
        return new ConsoleTab(context, await context.NewPageAsync());
    }
}

[CollectionDefinition(nameof(ConsoleBrowser))]
public sealed class ConsoleBrowserCollection : ICollectionFixture<ConsoleBrowser>;
