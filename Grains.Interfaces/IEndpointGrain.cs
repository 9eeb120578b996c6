using Orleans;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>Asks a silo, where endpoints are, about one of them. Its key is the endpoint's name.</summary>
[Alias("RiskMonitor.IEndpointGrain")]
public interface IEndpointGrain : IGrainWithStringKey
{
    /// <summary>Sends a test message, once.</summary>
    /// <returns>What came of it; <see cref="DeliveryOutcome.NoEndpoint"/> where the silo knows no such endpoint.</returns>
    [Alias("Test")]
    Task<DeliveryResult> TestAsync();
}
