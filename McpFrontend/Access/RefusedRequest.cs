using RiskMonitor.McpFrontend.Http;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Answers a request that is stopped before any use case, and has it remembered like a call.</summary>
internal sealed class RefusedRequest(AuditTrail audit, ProtectedResource resource, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context, RequestException refused)
    {
        var requestId = RequestRunner.NewRequestId(context);
        if (refused.Code == RequestError.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = resource.Challenge(context);
        }

        if (!RouteAccess.IsOpen(context))
        {
            audit.Record(
                new AuditEntry(
                time.GetUtcNow(),
                User: null,
                RequestRunner.AddressOf(context),
                ProtectedResource.IsMcp(context.Request.Path) ? Channel.Mcp.Name() : Channel.Http.Name(),
                RouteAccess.ToolOf(context) ?? UnknownName.Tool,
                Scope: null,
                Clearance: null,
                refused.Code.Name(),
                requestId,
                TimeSpan.Zero,
                Arguments: "",
                Desk: null),
                isRefusal: true);
        }

        await Problem.Of(refused, requestId).WriteAsync(context);
    }
}
