using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.McpFrontend.Http;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Stands before every route that is marked with <see cref="NeedsCaller"/>: lets in whom <see cref="CallerSource"/> knows.</summary>
internal sealed class CallerGate(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, CallerSource callers)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsCaller>() is not null)
        {
            try
            {
                context.Features.Set(await callers.OfAsync(context, context.RequestAborted));
            }
            catch (RequestException refused)
            {
                await Problem.Of(refused, RequestRunner.NewRequestId(context)).WriteAsync(context);
                return;
            }
        }

        await next(context);
    }
}

/// <summary>Marks a route that answers only callers who are known; they are the <see cref="Caller"/> feature of the request.</summary>
internal sealed class NeedsCaller
{
    public static readonly NeedsCaller Mark = new();
}
