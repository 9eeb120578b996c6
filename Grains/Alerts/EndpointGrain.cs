using Orleans;
using Orleans.Concurrency;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Alerts;

/// <summary>Sends test messages. It has no state, so every silo may have its own.</summary>
[GrainType("endpoint")]
[StatelessWorker]
internal sealed class EndpointGrain(IAlertSender sender, TimeProvider clock) : Grain, IEndpointGrain
{
    public async Task<DeliveryResult> TestAsync()
    {
        var name = this.GetPrimaryKeyString();
        // A message that waits for its turn is no answer to whoever tests.
        using var permit = sender.TryAcquirePermitAlone(name);
        if (permit is null)
        {
            return new DeliveryResult(DeliveryOutcome.Failed, "the endpoint is busy, or is left alone because it failed several times in a row; try again in a moment");
        }

        if (permit.NoEndpoint is { } why)
        {
            return new DeliveryResult(DeliveryOutcome.NoEndpoint, why);
        }

        var began = clock.GetTimestamp();
        var result = await sender.SendAsync(OutgoingMessage.Test(name, clock.GetUtcNow()), CancellationToken.None);
        return result with { Took = clock.GetElapsedTime(began) };
    }
}
