using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Stands before every route that is not <see cref="OpenToAll"/>: lets in whom <see cref="CallerSource"/> knows.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, CallerSource callers, RefusedRequest refusal, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!NeedsCaller.IsOn(context))
        {
            await next(context);
            return;
        }

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

        // Only now: a connection keeps its place for a caller who is known, and not for whoever asks slowly for what is open to all.
        var connection = context.Features.Get<ConnectionTable.Connection>();
        connection?.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            connection?.End();
        }
    }
}
