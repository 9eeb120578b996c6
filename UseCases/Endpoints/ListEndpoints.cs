using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Endpoints;

/// <summary>The endpoints that were set at run time. Those of the configuration are in the configuration.</summary>
public sealed class ListEndpoints(LiveFigures live, IEndpointStore endpoints, IEndpointRules rules) : IUseCase<NoInput, EndpointsAnswer>
{
    public const string Tool = "list_endpoints";

    public static readonly UseCaseInput<NoInput> Input = new(Tool, [], _ => new NoInput());

    public async Task<EndpointsAnswer> AskAsync(NoInput input, CallContext context, CancellationToken cancellationToken)
    {
        var stored = await endpoints.ListAsync(cancellationToken);
        return new EndpointsAnswer(context, await live.FeedAsync(null, cancellationToken)) { Endpoints = [.. stored.Select(endpoint => EndpointAnswer.Of(endpoint, rules))] };
    }
}
