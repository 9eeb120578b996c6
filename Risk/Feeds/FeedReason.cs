using System.Text.RegularExpressions;

namespace RiskMonitor.Risk.Feeds;

/// <summary>Makes the reasons why a feed is not live fit for every reader.</summary>
public static partial class FeedReason
{
    /// <summary>The reason without directories of this machine: of a path only the file's name is left.</summary>
    public static string WithoutPaths(string reason) =>
        Unquoted().Replace(Quoted().Replace(reason, match => IsPath(match.Value) ? $"\"{FileOf(match.Value[1..^1])}\"" : match.Value), match => FileOf(match.Value));

    private static bool IsPath(string quoted) => quoted.Length > 3 && (quoted[1] is '/' or '\\' || (char.IsAsciiLetter(quoted[1]) && quoted[2] == ':'));

    private static string FileOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>As our own reasons write paths: quoted, quotes and backslashes in them escaped.</summary>
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    /// <summary>As reasons of earlier versions and of other parts may.</summary>
    [GeneratedRegex("""(?<![\w/\\.-])(?:[A-Za-z]:)?[/\\][^\s"',;()]*[/\\][^\s"',;()]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Unquoted();
}
