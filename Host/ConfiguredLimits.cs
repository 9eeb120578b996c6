using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Host;

/// <summary>Brings the limits of the configuration into the limit table, before any desk is judged by it.</summary>
internal sealed class ConfiguredLimits(HostSettings settings, ILimitStore limits) : IHostedService
{
    /// <exception cref="UsageException">A limit of the table binds the same desks by the same metric.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await limits.ConfigureAsync(AlertingScope.Default, settings.DefaultNetDelta is { } threshold ? [DefaultNetDelta(threshold)] : [], cancellationToken);
        }
        catch (LimitOverlapException overlap)
        {
            throw new UsageException(
                $"Limits:DefaultNetDelta binds the same desks as the limit '{overlap.TwinId}'; leave the setting out, or remove that limit first (./run limits list, ./run limits remove)");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The net_delta limit of desks without their own.</summary>
    public static RiskLimit DefaultNetDelta(decimal threshold) =>
        new LimitIdentity(Desk: null, RiskMetric.NetDelta, AlertingScope.Default.Profile, AlertingScope.Default.Horizon)
            .NewLimit(threshold, "configured as Limits:DefaultNetDelta", "configuration") with
        { LimitId = RiskLimit.ConfiguredPrefix + "default-net-delta" };
}
