using RiskMonitor.Risk.Texts;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A request that gets no answer, with the reason for the one who asked; the message says what to change. It may repeat what was asked: that is escaped.</summary>
public sealed class RequestException(RequestError code, string message, IReadOnlyList<InputProblem>? details = null, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(VisibleText.Escaped(message), inner)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    public RequestError Code { get; } = code;

    /// <summary>Where HTTP has a more exact status than the code's own; null elsewhere.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>When the same request may succeed; null where repeating it is no use.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter ?? (code.IsRetryable() ? s_soon : null);

    public IReadOnlyList<InputProblem> Details { get; } = details ?? [];

    public static RequestException Invalid(string field, string problem, IReadOnlyList<string>? allowed = null) =>
        Invalid([new InputProblem(field, problem, allowed)]);

    public static RequestException Invalid(IReadOnlyList<InputProblem> problems) =>
        new(RequestError.InvalidInput, string.Join("; ", problems.Select(problem => $"{problem.Field}: {problem.Problem}")), problems);
}

/// <summary>What is wrong with one field.</summary>
/// <param name="Allowed">What would be right; null where that is no list.</param>
public sealed record InputProblem(string Field, string Problem, IReadOnlyList<string>? Allowed);
