using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Endpoints;

/// <summary>An operator sets an endpoint: a new one, or the next version of one that is there. Silos use it within seconds.</summary>
public sealed class SetEndpoint(LiveFigures live, IEndpointStore endpoints, IEndpointRules rules)
{
    public const string Tool = "set_endpoint";

    private const int MostEndpoints = 100;

    public async Task<EndpointSetAnswer> AskAsync(SetEndpointInput input, CallContext context, CancellationToken cancellationToken)
    {
        EndpointChange.DemandAllDesks(context);
        var all = await endpoints.ListAsync(cancellationToken);
        var current = all.FirstOrDefault(endpoint => endpoint.Name == input.Name);
        var check = new InputCheck();
        if (input.Version is not >= 0)
        {
            check.Refuse("version", "is missing; give the version that GET /api/v1/endpoints shows, or 0 for a new endpoint");
        }

        EndpointChange.CheckReason(input.Reason, check);
        if (current is null && all.Count >= MostEndpoints)
        {
            check.Refuse("name", $"would be the endpoint beyond {MostEndpoints}; remove one first");
        }

        var (settings, problems) = rules.Read(input.Name, input.Settings, current?.Settings);
        foreach (var (field, problem) in problems)
        {
            check.Refuse(field, problem);
        }

        check.Done();
        var stored = await EndpointChange.StoreAsync(() => endpoints.PutAsync(
            new StoredEndpoint(input.Name, input.Version!.Value, settings!, input.Reason!, context.Caller.Identity, context.AsOf), cancellationToken));
        return new EndpointSetAnswer(context, await live.FeedAsync(null, cancellationToken))
        {
            Outcome = input.Version == 0 ? "created" : "changed",
            Endpoint = EndpointAnswer.Of(stored, rules),
        };
    }
}

/// <param name="Settings">The object as it was sent.</param>
/// <param name="Version">The one that the caller has seen; 0 for a new endpoint.</param>
public sealed record SetEndpointInput(string Name, JsonElement Settings, int? Version, string? Reason);

/// <summary>An operator removes an endpoint. What is still to be sent to it waits, unless an endpoint of that name is set again.</summary>
public sealed class RemoveEndpoint(LiveFigures live, IEndpointStore endpoints, IEndpointRules rules)
{
    public const string Tool = "remove_endpoint";

    public static readonly UseCaseInput<RemoveEndpointInput> Input = new(
        Tool,
        [
            new("name", ParameterKind.Text, "the endpoint", IsRequired: true),
            new("version", ParameterKind.Whole, "the version that was read", IsRequired: true),
        ],
        values => new RemoveEndpointInput(values.Demand("name"), values.Whole("version")));

    public async Task<EndpointSetAnswer> AskAsync(RemoveEndpointInput input, CallContext context, CancellationToken cancellationToken)
    {
        EndpointChange.DemandAllDesks(context);
        var current = (await endpoints.ListAsync(cancellationToken)).FirstOrDefault(endpoint => endpoint.Name == input.Name) ?? throw EndpointChange.Unknown(input.Name);
        await EndpointChange.StoreAsync(async () =>
        {
            await endpoints.RemoveAsync(input.Name, input.Version ?? 0, cancellationToken);
            return true;
        });
        return new EndpointSetAnswer(context, await live.FeedAsync(null, cancellationToken)) { Outcome = "removed", Endpoint = EndpointAnswer.Of(current, rules) };
    }
}

public sealed record RemoveEndpointInput(string Name, int? Version);

/// <summary>What changes of endpoints have in common.</summary>
internal static class EndpointChange
{
    private const int MostReasonChars = 1_000;

    public static void CheckReason(string? reason, InputCheck check)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MostReasonChars)
        {
            check.Refuse("reason", $"is missing or too long; say in at most {MostReasonChars} characters why the endpoint changes");
        }
    }

    /// <summary>An endpoint gets the alerts of all desks, unless it is set otherwise.</summary>
    public static void DemandAllDesks(CallContext context)
    {
        if (context.Caller.Desks is not null)
        {
            throw new RequestException(RequestError.Forbidden, "endpoints get the alerts of all desks, and you may see some of them only; ask an operator of all desks");
        }
    }

    public static RequestException Unknown(string name) =>
        new(RequestError.NotFound, $"no endpoint '{name}' was set at run time; GET /api/v1/endpoints lists those there are");

    /// <exception cref="RequestException">Another version is stored.</exception>
    public static async Task<T> StoreAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (EndpointConflictException conflict)
        {
            throw new RequestException(RequestError.Conflict, conflict.Message, [new InputProblem("version", "is not the stored one", null)]);
        }
    }
}
