using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>What an answer will say.</summary>
/// <param name="Results">In the order by which the citations number them.</param>
public sealed record AnswerDraft(string Understood, string Conclusion, IReadOnlyList<Citation> Citations, IReadOnlyList<ToolResult> Results);
