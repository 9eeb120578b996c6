namespace RiskMonitor.WebConsole.Access;

/// <summary>Marks the routes of the console, to which <see cref="ConsoleAccessMiddleware"/> applies.</summary>
internal sealed class ConsoleRoute
{
    public static readonly ConsoleRoute Marker = new();

    /// <summary>Pages that somebody sees who has not signed in.</summary>
    public const string SignInPath = "/signin";

    public const string SignOutPath = "/signout";

    /// <summary>Where the pages of Blazor keep their connection.</summary>
    public const string ConnectionPath = "/_blazor";

    /// <summary>A page of this server that a sign-in may return to; otherwise the first page, because an address elsewhere may be a trap.</summary>
    public static string LocalPath(string? path) =>
        path is { Length: > 0 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal)
        && !path.StartsWith(SignInPath, StringComparison.Ordinal)
            ? path
            : "/";
}
