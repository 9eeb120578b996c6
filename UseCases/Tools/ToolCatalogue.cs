using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The tools, and who may call them.</summary>
public sealed class ToolCatalogue(IEnumerable<RiskTool> tools)
{
    private readonly RiskTool[] _tools = [.. tools];

    public IReadOnlyList<RiskTool> All => _tools;

    /// <summary>The tools that the caller has the right to call; the others do not exist for that caller.</summary>
    public IEnumerable<RiskTool> For(Caller caller) => _tools.Where(tool => Right.For(tool.Name)?.IsHeldBy(caller) == true);

    /// <returns>Null if the tool does not exist or the caller may not call it.</returns>
    public RiskTool? Find(string name, Caller caller) => For(caller).FirstOrDefault(tool => tool.Name == name);
}
