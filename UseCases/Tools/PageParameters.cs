using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The pages of a list that a model reads: whatever it asks for, no more rows come at once than it can take in.</summary>
/// <param name="Usual">Rows where nothing is said.</param>
/// <param name="Most">Rows at once; a larger page is cut to it and says that it is truncated.</param>
public sealed record PageParameters(int Usual, int Most)
{
    public static readonly ToolParameter Cursor = new("cursor", ParameterKind.Text, "next_cursor, with the same filters");

    public ToolParameter Size { get; } = new("page_size", ParameterKind.Whole, $"default {Usual}, at most {Most} at once");

    /// <summary>What to ask the use case for; it refuses what is no page size at all.</summary>
    public int Of(ToolArguments arguments)
    {
        var asked = arguments.Whole(Size.Name) ?? Usual;
        return asked <= InputCheck.MostPageSize ? Math.Min(asked, Most) : asked;
    }
}
