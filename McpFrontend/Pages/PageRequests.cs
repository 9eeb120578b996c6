using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.Pages;

/// <summary>What requests for pages have in common: the token of a link, forms, and calls that answer with a page.</summary>
internal sealed class PageRequests(CallRunner calls, IOptions<ConnectionOptions> connections, TimeProvider time)
{
    private const int MostFormBytes = 32 * 1024;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <param name="argument">What the audit keeps: the name of the call's argument.</param>
    public async Task RunAsync(HttpContext context, Caller caller, string tool, string argument, Func<CallContext, CancellationToken, Task<PageWriter>> ask)
    {
        var call = new Call(RequestRunner.NewRequestId(context), tool, caller with { Address = RequestRunner.AddressOf(context) }, Channel.Http)
        {
            Asked = Asked.Of([argument], null),
        };
        try
        {
            var page = await calls.RunAsync(call, ask, context.RequestAborted);
            await page.WriteAsync(context, StatusCodes.Status200OK);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer any more.
        }
        catch (RequestException error)
        {
            await RefuseAsync(context, error);
        }
    }

    public static Task RefuseAsync(HttpContext context, RequestException error) =>
        new PageWriter("That did not work").Paragraph(error.Message, "text").WriteAsync(context, error.HttpStatus ?? error.Code.HttpStatus());

    /// <returns>Null where the form is too long, too slow or none.</returns>
    public async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength > MostFormBytes)
        {
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MostFormBytes;
        }

        using var timeout = new CancellationTokenSource(connections.Value.BodyWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            return await context.Request.ReadFormAsync(either.Token);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            return null;
        }
    }

    public static string? TokenIn(HttpContext context) => context.Request.Query[AlertLinks.TokenParameter] is [{ Length: > 0 } token] ? token : null;

    public static string? Text(IFormCollection form, string name) => form[name] is [{ } text] && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
