using System.Text.Json;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.Tools;

/// <summary>A use case that a model may call: by name, with JSON arguments.</summary>
internal abstract class RiskTool
{
    /// <summary>The name of the use case.</summary>
    public abstract string Name { get; }

    /// <summary>For people.</summary>
    public abstract string Title { get; }

    /// <summary>For the model that decides whether to call it.</summary>
    public abstract string Description { get; }

    public abstract IReadOnlyList<ToolParameter> Parameters { get; }

    /// <summary>What every answer of it satisfies.</summary>
    public abstract JsonElement OutputSchema { get; }

    /// <exception cref="RequestException">There is no answer.</exception>
    public abstract Task<Answer> AskAsync(ToolArguments arguments, Question question, CancellationToken cancellationToken);

    /// <summary>The answer for reading: what the structured one says, and nothing else, in a few lines.</summary>
    public abstract string Read(Answer answer);
}
