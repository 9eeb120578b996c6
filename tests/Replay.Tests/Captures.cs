using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Replay.Tests;

/// <summary>
/// What real connectors sent for one table, and what the database answered at the end. A cut of each file travels with the tests; the whole
/// files are used where they lie beside the repository (<c>../shared/data/debezium</c>) or where <c>RISKMONITOR_CAPTURES</c> says.
/// </summary>
internal static partial class Captures
{
    public static string Cut { get; } = Path.Combine(AppContext.BaseDirectory, "Captured");

    public static string? Whole => WholeCaptures.Folder;

    public static string FileOf(string folder, string form) => Path.Combine(folder, $"{form}.jsonl.gz");

    public static IReadOnlyList<string> Lines(string path)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        return [.. file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>The lines, and after them the last ones once more at new offsets, as a connector that restarts sends them.</summary>
    public static IEnumerable<string> WithTheEndAgain(IReadOnlyList<string> lines, int repeated)
    {
        var next = new Dictionary<string, long>();
        foreach (var line in lines)
        {
            next[Partition().Match(line).Value] = long.Parse(Offset().Match(line).Groups[1].Value, CultureInfo.InvariantCulture) + 1;
            yield return line;
        }

        foreach (var line in lines.Skip(lines.Count - repeated))
        {
            var partition = Partition().Match(line).Value;
            yield return Offset().Replace(line, string.Create(CultureInfo.InvariantCulture, $"\"offset\":{next[partition]++}"), 1);
        }
    }

    public static IReadOnlyDictionary<string, Position> ExpectedPositions(string folder) =>
        File.ReadLines(Path.Combine(folder, "expected-positions.tsv")).Skip(1).Select(line => line.Split('\t')).ToDictionary(
            fields => fields[0],
            fields => new Position(
                fields[0], fields[1], fields[2], fields[3], Number(fields[4])!.Value, Number(fields[5]), DateOnly.Parse(fields[6], CultureInfo.InvariantCulture), fields[7], null));

    public static IReadOnlyList<ExpectedEpisode> ExpectedEpisodes(string folder, string limit) =>
    [
        .. File.ReadLines(Path.Combine(folder, $"expected-episodes-{limit}.tsv")).Skip(1).Select(line => line.Split('\t')).Select(fields => new ExpectedEpisode(
            fields[0], long.Parse(fields[1], CultureInfo.InvariantCulture), Number(fields[2])!.Value, fields[3].Length == 0, fields[5].Length > 0)),
    ];

    private static decimal? Number(string text) => text is "" or "NULL" or "\\N" ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("\"offset\":(\\d+)")]
    private static partial Regex Offset();

    [GeneratedRegex("\"partition\":\\d+")]
    private static partial Regex Partition();
}

internal sealed record ExpectedEpisode(string Desk, long OpenedOffset, decimal OpenedValue, bool IsOpen, bool Transient);

/// <summary>Needs the whole captured files.</summary>
public sealed class WholeCaptureTheoryAttribute : TheoryAttribute
{
    public WholeCaptureTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (Captures.Whole is null)
        {
            Skip = "the whole captured files are not here; set RISKMONITOR_CAPTURES to their folder";
        }
    }
}
