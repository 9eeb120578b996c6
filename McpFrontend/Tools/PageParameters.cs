using RiskMonitor.McpFrontend.UseCases;

namespace RiskMonitor.McpFrontend.Tools;

/// <summary>What every list takes.</summary>
internal static class PageParameters
{
    public static readonly ToolParameter Cursor = new("cursor", ParameterKind.Text, "next_cursor of the page before, with the same filters");

    /// <param name="usual">Rows per page where nothing is said.</param>
    public static ToolParameter Size(int usual) => new("page_size", ParameterKind.Whole, $"1 to {InputCheck.MostPageSize}, default {usual}");
}
