using RiskMonitor.Alerting;
using RiskMonitor.Host.Infrastructure;

namespace RiskMonitor.Host.Roles;

/// <summary>What a silo has: the grains, and what they call outside of the product (analyst, webhook).</summary>
internal static class SiloRole
{
    public static void Add(WebApplicationBuilder builder, IInfrastructure infrastructure)
    {
        builder.Services.AddAlerting(builder.Configuration);
        builder.Services.AddSealedEndpoints(builder.Configuration);
        infrastructure.AddSilo(builder);
    }
}
