using System.Globalization;
using Orleans;

namespace RiskMonitor.Risk.Positions;

/// <summary>
/// A change's identity: its place in the source database's own log (Debezium's <c>source.file</c>, <c>pos</c>, <c>row</c>).
/// Only positions of the same log can be compared.
/// </summary>
/// <param name="Log">The log's name without its number: <c>binlog</c> of <c>binlog.000017</c>.</param>
/// <param name="File">The number of the log file; files compare by number, not by text.</param>
/// <param name="Row">The row within the log event; 0 where the form does not carry it.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.SourcePosition")]
public readonly record struct SourcePosition(
    [property: Id(0)] string Log,
    [property: Id(1)] long File,
    [property: Id(2)] long Offset,
    [property: Id(3)] int Row)
{
    /// <summary>Reads a log file name such as <c>mysql-bin.000123</c>.</summary>
    /// <returns>Null when the name does not end in a number.</returns>
    public static SourcePosition? Parse(ReadOnlySpan<char> fileName, long offset, int row)
    {
        var dot = fileName.LastIndexOf('.');
        if (dot < 0 || !long.TryParse(fileName[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return new SourcePosition(string.Intern(fileName[..dot].ToString()), number, offset, row);
    }

    public bool IsOfSameLogAs(SourcePosition other) => string.Equals(Log, other.Log, StringComparison.Ordinal);

    /// <summary>True when both are of the same log and this one comes strictly before <paramref name="other"/>.</summary>
    public bool IsBefore(SourcePosition other) => IsOfSameLogAs(other) && CompareInLog(other) < 0;

    /// <summary>True when both are of the same log and this one comes strictly after <paramref name="other"/>.</summary>
    public bool IsAfter(SourcePosition other) => IsOfSameLogAs(other) && CompareInLog(other) > 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Log}.{File:D6}:{Offset}:{Row}");

    private int CompareInLog(SourcePosition other)
    {
        var byFile = File.CompareTo(other.File);
        if (byFile != 0)
        {
            return byFile;
        }

        var byOffset = Offset.CompareTo(other.Offset);
        return byOffset != 0 ? byOffset : Row.CompareTo(other.Row);
    }
}
