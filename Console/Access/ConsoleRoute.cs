namespace RiskMonitor.WebConsole.Access;

/// <summary>Marks the routes of the console, to which <see cref="ConsoleAccessMiddleware"/> applies.</summary>
internal sealed class ConsoleRoute
{
    public static readonly ConsoleRoute Marker = new();

    /// <summary>Pages that somebody sees who has not signed in.</summary>
    public const string SignInPath = "/signin";

    /// <summary>Sends the browser to the identity provider.</summary>
    public const string OpenIdPath = "/signin/openid";

    public const string SignOutPath = "/signout";

    /// <summary>Where the pages of Blazor keep their connection.</summary>
    public const string ConnectionPath = "/_blazor";

    /// <summary>Where somebody signs in who asked for a page.</summary>
    /// <param name="isAtProvider">The session of before stood on a token: the provider, which knows whether it may go on, is asked first.</param>
    public static string SignInFor(string path, bool isAtProvider) =>
        $"{(isAtProvider ? OpenIdPath : SignInPath)}{(path == "/" ? "" : $"?to={Uri.EscapeDataString(path)}")}";

    /// <summary>A page of this server that a sign-in may return to; otherwise the first page, because an address elsewhere may be a trap.</summary>
    public static string LocalPath(string? path) =>
        path is { Length: > 0 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal)
        && !path.StartsWith(SignInPath, StringComparison.Ordinal)
            ? path
            : "/";
}
