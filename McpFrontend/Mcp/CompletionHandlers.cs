using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Completes the arguments of prompts and resource templates.</summary>
internal sealed class CompletionHandlers(CompleteName complete, McpCalls calls)
{
    public async ValueTask<CompleteResult> CompleteAsync(Caller caller, RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var (reference, argument) = (request.Params.Ref, request.Params.Argument);
        var isKnown = reference switch
        {
            PromptReference prompt => PromptHandlers.Has(prompt.Name),
            ResourceTemplateReference template => template.Uri is RiskUri.LimitsTemplate or RiskUri.ExposureTemplate or RiskUri.AlertTemplate,
            _ => false,
        };
        if (!isKnown)
        {
            var name = reference switch
            {
                PromptReference prompt => prompt.Name,
                ResourceTemplateReference template => template.Uri ?? "",
                _ => "",
            };
            var refusal = new McpProtocolException($"there is nothing to complete for {ToolArguments.Quoted(reference.ToString() ?? "")}", McpErrorCode.InvalidParams);
            throw await calls.RefusedAsync(caller, RequestMethods.CompletionComplete, name, refusal, cancellationToken);
        }

        NameKind? kind = argument.Name switch
        {
            "desk" => NameKind.Desk,
            "trader" or "trader_id" => NameKind.Trader,
            "id" or "alert_id" => NameKind.Alert,
            _ => null,
        };
        if (kind is null)
        {
            await calls.RunAsync(caller, CompleteName.Tool, Asked.Of([argument.Name], null), (_, _) => Task.FromResult(0), cancellationToken);
            return new CompleteResult { Completion = new Completion { Total = 0, HasMore = false } };
        }

        var desk = request.Params.Context?.Arguments?.TryGetValue("desk", out var chosen) == true ? chosen : null;
        var input = new CompleteNameInput(kind.Value, argument.Value, desk);
        var completed = await calls.RunAsync(caller, CompleteName.Tool, Asked.Of([argument.Name], desk), (call, token) => complete.AskAsync(input, call, token), cancellationToken);
        return new CompleteResult
        {
            Completion = new Completion { Values = [.. completed.Names], Total = completed.Total, HasMore = completed.Total > completed.Names.Count },
        };
    }
}
