using RiskMonitor.Risk.Texts;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A request that fails, with a message for the caller that says what to change. Input that the message repeats is escaped.</summary>
public sealed class RequestException(RequestError code, string message, IReadOnlyList<InputProblem>? details = null, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(VisibleText.Escaped(message), inner)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    public RequestError Code { get; } = code;

    /// <summary>The HTTP status if there is a more exact one than that of the code; otherwise null.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The time after which the same request may succeed; null if repeating it does not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter ?? (code.IsRetryable() ? s_soon : null);

    public IReadOnlyList<InputProblem> Details { get; } = details ?? [];

    public static RequestException Invalid(string field, string problem, IReadOnlyList<string>? allowed = null) =>
        Invalid([new InputProblem(field, problem, allowed)]);

    public static RequestException Invalid(IReadOnlyList<InputProblem> problems) =>
        new(RequestError.InvalidInput, string.Join("; ", problems.Select(problem => $"{problem.Field}: {problem.Problem}")), problems);
}

/// <summary>A problem of one field.</summary>
/// <param name="Allowed">The allowed values; null if there is no list of them.</param>
public sealed record InputProblem(string Field, string Problem, IReadOnlyList<string>? Allowed);
