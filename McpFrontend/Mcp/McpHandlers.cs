using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What the server answers to one caller.</summary>
internal sealed class McpHandlers(
    ToolHandlers tools, PromptHandlers prompts, ResourceHandlers resources, CompletionHandlers completions, SubscriptionHandlers subscriptions, ProtocolCalls protocol, RightsWatch rights)
{
    /// <summary>Has a server answer this caller, and account for all that the caller sends.</summary>
    /// <param name="forwarded">The message of the request; null where it did not come by HTTP.</param>
    public void Serve(McpServerOptions server, Caller caller, ForwardedMessage? forwarded)
    {
        server.Handlers = For(caller);
        server.Filters.Message.IncomingFilters.Add(protocol.Account(caller, forwarded));
    }

    private McpServerHandlers For(Caller caller) => new()
    {
        ListToolsHandler = (request, _) => ValueTask.FromResult(tools.List(caller, request)),
        ListPromptsHandler = (request, _) => ValueTask.FromResult(PromptHandlers.List(request)),
        GetPromptHandler = (request, cancellationToken) => prompts.GetAsync(caller, request, cancellationToken),
        ListResourcesHandler = (request, cancellationToken) => resources.ListAsync(caller, request, cancellationToken),
        ListResourceTemplatesHandler = (request, _) => ValueTask.FromResult(ResourceHandlers.ListTemplates(request)),
        ReadResourceHandler = (request, cancellationToken) => resources.ReadAsync(caller, request, cancellationToken),
        CompleteHandler = (request, cancellationToken) => completions.CompleteAsync(caller, request, cancellationToken),
        SubscribeToResourcesHandler = (_, _) => throw SubscriptionHandlers.NoSession(),
        UnsubscribeFromResourcesHandler = (_, _) => throw SubscriptionHandlers.NoSession(),
        SubscriptionsListenHandler = (request, cancellationToken) => rights.WhileInForceAsync(
            caller, token => subscriptions.ListenAsync(caller, request, token), new EmptyResult(), cancellationToken),
        CallToolHandler = (request, cancellationToken) => tools.CallAsync(caller, request, cancellationToken),
    };
}
