namespace RiskMonitor.WebConsole.Shell;

/// <summary>What a browser prefers, kept in cookies that only the pages read.</summary>
internal static class Preferences
{
    public const string English = "en";
    public const string Chinese = "zh";

    private const string LanguageCookie = "language";
    private const string ThemeCookie = "theme";

    private static readonly string[] s_themes = ["light", "dark"];

    /// <summary>As chosen, else the first of the browser's languages that is known here.</summary>
    public static string LanguageOf(HttpRequest request) => request.Cookies[LanguageCookie] switch
    {
        Chinese => Chinese,
        English => English,
        _ => request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value is { Length: >= 2 } name ? name[..2].ToLowerInvariant() : "")
            .FirstOrDefault(name => name is English or Chinese) ?? English,
    };

    /// <returns>light, dark, or auto: as the system has it.</returns>
    public static string ThemeOf(HttpRequest request) => request.Cookies[ThemeCookie] is { } theme && s_themes.Contains(theme) ? theme : "auto";
}
