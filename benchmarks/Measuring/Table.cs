using System.Globalization;

namespace RiskMonitor.Benchmarks.Measuring;

/// <summary>Prints the rows of a contest, each compared with the first contender's row of the same kind.</summary>
internal static class Table
{
    private static readonly string[] Head = ["contender", "figure", "median", "min – max", "ratio"];

    public static void Print(TextWriter output, string title, IReadOnlyList<Row> rows)
    {
        List<string[]> lines = [Head, .. rows.Select(row => Cells(row, rows.First(other => other.What == row.What)))];
        var widths = Enumerable.Range(0, Head.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        output.WriteLine($"  {title}");
        foreach (var line in lines)
        {
            var cells = line.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine($"    {string.Join("  ", cells)}".TrimEnd());
        }
    }

    private static string[] Cells(Row row, Row first) =>
    [
        row.Contender,
        row.What,
        Number(row.Values.Median),
        $"{Number(row.Values.Least)} – {Number(row.Values.Most)}",
        // Next to nothing is no measure.
        first.Values.Median < 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{row.Values.Median / first.Values.Median:0.00}"),
    ];

    private static string Number(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 1_000 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
