using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Endpoints;

/// <summary>
/// An operator gives a webhook a new secret. Messages carry a signature by the new and by the old one, so that the receiver can change over at any time
/// until the old one is dropped (<c>previous_secret: null</c>).
/// </summary>
public sealed class RotateEndpointSecret(LiveFigures live, IEndpointStore endpoints, IEndpointRules rules)
{
    public const string Tool = "rotate_endpoint_secret";

    public static readonly InputParameter[] Fields =
    [
        new("version", ParameterKind.Whole, "the version that was read", IsRequired: true),
        new("reason", ParameterKind.Text, "why", IsRequired: true),
    ];

    public async Task<EndpointSecretAnswer> AskAsync(RotateEndpointSecretInput input, CallContext context, CancellationToken cancellationToken)
    {
        EndpointChange.DemandAllDesks(context);
        var current = (await endpoints.ListAsync(cancellationToken)).FirstOrDefault(endpoint => endpoint.Name == input.Name) ?? throw EndpointChange.Unknown(input.Name);
        var check = new InputCheck();
        EndpointChange.CheckReason(input.Reason, check);
        var rotated = rules.Rotated(current.Settings);
        if (rotated is null)
        {
            check.Refuse("name", $"'{input.Name}' is no webhook: only those have a secret that is made here");
        }

        check.Done();
        var (settings, secret) = rotated!.Value;
        var stored = await EndpointChange.StoreAsync(() => endpoints.PutAsync(
            new StoredEndpoint(input.Name, input.Version ?? 0, settings, input.Reason!, context.Caller.Identity, context.AsOf), cancellationToken));
        return new EndpointSecretAnswer(context, await live.FeedAsync(null, cancellationToken)) { Endpoint = EndpointAnswer.Of(stored, rules), Secret = secret };
    }
}

/// <param name="Version">The one that the caller has seen.</param>
public sealed record RotateEndpointSecretInput(string Name, int? Version, string? Reason);
