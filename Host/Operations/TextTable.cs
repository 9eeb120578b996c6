using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Rows of text in aligned columns. Cells hold what others wrote: each is escaped, and stays one cell of one line.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(VisibleText.Escaped)]);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', _rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
