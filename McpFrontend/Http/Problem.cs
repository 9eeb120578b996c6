using System.Globalization;
using System.Text.Json.Serialization;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457).</summary>
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string RequestId,
    bool Retryable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfterMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemDetail>? Details)
{
    public const string ContentType = "application/problem+json";

    /// <param name="status">Where HTTP has a more exact status than the code's own.</param>
    public static Problem Of(RequestException error, string requestId, int? status = null) => new(
        "about:blank",
        error.Code.Name(),
        status ?? error.HttpStatus ?? error.Code.HttpStatus(),
        error.Message,
        error.Code.Name(),
        requestId,
        error.Code.IsRetryable(),
        (int?)error.RetryAfter?.TotalMilliseconds,
        error.Details.Count == 0 ? null : [.. error.Details.Select(detail => new ProblemDetail(detail.Field, detail.Problem, detail.Allowed))]);

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfterMs is { } wait)
        {
            // The header counts whole seconds.
            context.Response.Headers.RetryAfter = Math.Max(1, (wait + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(this, RiskJson.Options, ContentType, context.RequestAborted);
    }
}

/// <summary>What is wrong with one field.</summary>
internal sealed record ProblemDetail(
    string Field,
    string Problem,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Allowed);
