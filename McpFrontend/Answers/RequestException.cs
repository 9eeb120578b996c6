namespace RiskMonitor.McpFrontend.Answers;

/// <summary>A request that gets no answer, with the reason for the one who asked; the message says what to change.</summary>
internal sealed class RequestException(RequestError code, string message, IReadOnlyList<InputProblem>? details = null) : Exception(message)
{
    public RequestError Code { get; } = code;

    public IReadOnlyList<InputProblem> Details { get; } = details ?? [];

    public static RequestException Invalid(string field, string problem, IReadOnlyList<string>? allowed = null) =>
        Invalid([new InputProblem(field, problem, allowed)]);

    public static RequestException Invalid(IReadOnlyList<InputProblem> problems) =>
        new(RequestError.InvalidInput, string.Join("; ", problems.Select(problem => $"{problem.Field}: {problem.Problem}")), problems);
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Allowed">What would be right; null where that is no list.</param>
internal sealed record InputProblem(string Field, string Problem, IReadOnlyList<string>? Allowed);
