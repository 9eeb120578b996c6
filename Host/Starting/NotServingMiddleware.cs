namespace RiskMonitor.Host.Starting;

/// <summary>
/// Answers while a process starts or stops: <c>/health</c> says that it lives, <c>/ready</c> that it does not serve and why, and everything else is
/// refused with the time after which to ask again. A request that came before the stop is still answered.
/// </summary>
internal sealed class NotServingMiddleware(RequestDelegate next, ProcessState state)
{
    private static readonly string s_version = typeof(NotServingMiddleware).Assembly.GetName().Version!.ToString(3);

    public Task InvokeAsync(HttpContext context)
    {
        if (state.NotServing is not { } reason)
        {
            return next(context);
        }

        var path = context.Request.Path;
        if (path == "/health")
        {
            return context.Response.WriteAsJsonAsync(new { status = "ok", version = s_version });
        }

        if (path == "/metrics" || (state.IsStopping && path != "/ready"))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return path == "/ready"
            ? context.Response.WriteAsJsonAsync(new { status = "not_ready", reason })
            : context.Response.WriteAsJsonAsync(
                new { type = "about:blank", title = "unavailable", status = 503, detail = $"this process does not serve now: {reason}", code = "unavailable", retryable = true },
                options: null,
                contentType: "application/problem+json");
    }
}
