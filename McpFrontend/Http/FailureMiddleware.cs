using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The outermost middleware: a request that no route answered gets a problem document, and an exception shows nothing of the program's inside.</summary>
internal sealed partial class FailureMiddleware(RequestDelegate next, ILogger<FailureMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has closed the connection.
        }
        catch (RequestException refused) when (!context.Response.HasStarted)
        {
            await Problem.Of(refused, RequestRunner.NewRequestId(context)).WriteAsync(context);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            var error = new RequestException(RequestError.InvalidInput, "the request is not what HTTP asks; send it again, well formed") { HttpStatus = bad.StatusCode };
            await Problem.Of(error, RequestRunner.NewRequestId(context)).WriteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var requestId = RequestRunner.NewRequestId(context);
            LogFailed(exception, requestId);
            await Problem.Of(new RequestException(RequestError.Internal, "something went wrong on this side; tell the operator the request_id"), requestId).WriteAsync(context);
        }
    }

    /// <summary>What routing itself refuses (no such path, another method, another content type) is answered in the API's own form.</summary>
    public static Task AnswerUnroutedAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            AllowHead(context.Response.Headers);
        }

        var error = status switch
        {
            StatusCodes.Status404NotFound => new RequestException(RequestError.NotFound, "there is no such path; /openapi/v1.json lists those there are"),
            StatusCodes.Status405MethodNotAllowed => new RequestException(RequestError.InvalidInput, "this path does not take that method; the Allow header names those it takes"),
            StatusCodes.Status415UnsupportedMediaType => new RequestException(RequestError.InvalidInput, "the body must be sent as application/json"),
            < StatusCodes.Status500InternalServerError => new RequestException(RequestError.InvalidInput, "the request cannot be answered as it is"),
            _ => new RequestException(RequestError.Internal, "something went wrong on this side; tell the operator the request_id"),
        };
        // Of a known caller it is a call like any other: it counts in the caller's rate and leaves an audit entry.
        return context.Features.Get<Caller>() is not null && status < StatusCodes.Status500InternalServerError
            ? context.RequestServices.GetRequiredService<RequestRunner>().RefuseAsync(context, error, status)
            : Problem.Of(error, RequestRunner.NewRequestId(context), status).WriteAsync(context);
    }

    /// <summary>Every route that answers GET answers HEAD.</summary>
    private static void AllowHead(IHeaderDictionary headers)
    {
        var allowed = headers.Allow.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (allowed.Contains(HttpMethods.Get) && !allowed.Contains(HttpMethods.Head))
        {
            headers.Allow = string.Join(", ", [.. allowed, HttpMethods.Head]);
        }
    }
}
