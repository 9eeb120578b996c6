using RiskMonitor.McpFrontend.Http;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Stands before every route that is not <see cref="OpenToAll"/>: lets in whom <see cref="CallerSource"/> knows.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, CallerSource callers, RefusedRequest refusal, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (NeedsCaller.IsOn(context))
        {
            try
            {
                if (lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    throw new RequestException(RequestError.Unavailable, "the server is stopping; ask again when it is back, or another one");
                }

                var caller = await callers.OfAsync(context, context.RequestAborted);
                context.Features.Set(caller with { Address = RequestRunner.AddressOf(context) });
            }
            catch (RequestException refused)
            {
                await refusal.AnswerAsync(context, refused);
                return;
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }
        }

        await next(context);
    }
}
