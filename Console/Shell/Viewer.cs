using Microsoft.JSInterop;
using RiskMonitor.WebConsole.Texts;

namespace RiskMonitor.WebConsole.Shell;

/// <summary>The language, theme and time zone of one browser tab.</summary>
internal sealed class Viewer(IJSRuntime browser, TimeProvider time)
{
    /// <summary>Raised when the language or theme was changed.</summary>
    public event Action? Changed;

    /// <summary>Raised when a key was pressed outside of a field. What opened last hears it first; true: the key is used, and nothing else hears it.</summary>
    public event Func<string, Task<bool>>? KeyPressed;

    public string Language { get; private set; } = Preferences.English;

    public string Theme { get; private set; } = "auto";

    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public TextTable Text => TextTable.Of(Language);

    public DateTimeOffset Now => time.GetUtcNow();

    public void Begin(string language, string theme) => (Language, Theme) = (language, theme);

    /// <summary>Asks the browser for its time zone.</summary>
    public async Task LoadAsync()
    {
        var name = await browser.InvokeAsync<string?>("riskConsole.timeZone");
        Zone = name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
    }

    public async Task PressAsync(string key)
    {
        foreach (var listener in (KeyPressed?.GetInvocationList() ?? []).Reverse().Cast<Func<string, Task<bool>>>())
        {
            if (await listener(key))
            {
                return;
            }
        }
    }

    public async Task SetLanguageAsync(string language)
    {
        Language = language;
        await browser.InvokeVoidAsync("riskConsole.prefer", "language", language);
        Changed?.Invoke();
    }

    public async Task SetThemeAsync(string theme)
    {
        Theme = theme;
        await browser.InvokeVoidAsync("riskConsole.prefer", "theme", theme);
        Changed?.Invoke();
    }

    /// <summary>The time of day in the viewer's zone; with its day where that is not today.</summary>
    public string Clock(DateTimeOffset at, bool withSeconds = true)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone);
        var today = TimeZoneInfo.ConvertTime(Now, Zone).Date;
        var clock = withSeconds ? "HH:mm:ss" : "HH:mm";
        return local.ToString(local.Date == today ? clock : $"yyyy-MM-dd {clock}", System.Globalization.CultureInfo.InvariantCulture);
    }
}
