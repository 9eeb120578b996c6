namespace RiskMonitor.UseCases.Answers;

/// <summary>The reason why a request failed.</summary>
public enum RequestError
{
    InvalidInput,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    RateLimited,
    Timeout,
    Unavailable,
    Internal,
}

public static class RequestErrors
{
    public static string Name(this RequestError code) => code switch
    {
        RequestError.InvalidInput => "invalid_input",
        RequestError.Unauthenticated => "unauthenticated",
        RequestError.Forbidden => "forbidden",
        RequestError.NotFound => "not_found",
        RequestError.Conflict => "conflict",
        RequestError.RateLimited => "rate_limited",
        RequestError.Timeout => "timeout",
        RequestError.Unavailable => "unavailable",
        _ => "internal",
    };

    public static int HttpStatus(this RequestError code) => code switch
    {
        RequestError.InvalidInput => 400,
        RequestError.Unauthenticated => 401,
        RequestError.Forbidden => 403,
        RequestError.NotFound => 404,
        RequestError.Conflict => 409,
        RequestError.RateLimited => 429,
        RequestError.Timeout => 504,
        RequestError.Unavailable => 503,
        _ => 500,
    };

    /// <summary>The same request may succeed later.</summary>
    public static bool IsRetryable(this RequestError code) => code is RequestError.RateLimited or RequestError.Timeout or RequestError.Unavailable;
}
