using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>The text and citations of an answer, before it gets its metadata.</summary>
/// <param name="Results">The results in the order to which the indexes of the citations refer.</param>
public sealed record AnswerDraft(string Understood, string Conclusion, IReadOnlyList<Citation> Citations, IReadOnlyList<ToolResult> Results);
