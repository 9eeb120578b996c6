using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Endpoints;

/// <summary>An operator sends a test message to an endpoint, also to one of the configuration.</summary>
public sealed class TestEndpoint(LiveFigures live, IGrainFactory grains)
{
    public const string Tool = "test_endpoint";

    private const int MostNameChars = 60;

    public async Task<EndpointTestedAnswer> AskAsync(string name, CallContext context, CancellationToken cancellationToken)
    {
        EndpointChange.DemandAllDesks(context);
        if (name.Length is 0 or > MostNameChars)
        {
            throw RequestException.Invalid("name", $"is no name of an endpoint; they have 1 to {MostNameChars} characters");
        }

        var result = await grains.GetGrain<IEndpointGrain>(name).TestAsync().WaitAsync(cancellationToken);
        if (result.Outcome == DeliveryOutcome.NoEndpoint)
        {
            throw new RequestException(RequestError.NotFound, $"{result.Detail} (one that was set a moment ago is used within seconds)");
        }

        return new EndpointTestedAnswer(context, await live.FeedAsync(null, cancellationToken))
        {
            Endpoint = name,
            Outcome = result.Outcome switch { DeliveryOutcome.Delivered => "delivered", DeliveryOutcome.Gone => "gone", _ => "failed" },
            Detail = result.Detail,
            Status = result.Status,
            LatencyMs = result.Took is { } took ? Math.Round(took.TotalMilliseconds, 1) : null,
            ReceiverAnswer = result.Answer,
        };
    }
}
