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
    public static RiskLimit DefaultNetDelta(decimal threshold) => new(
        RiskLimit.ConfiguredPrefix + "default-net-delta",
        AlertingScope.Default.Profile,
        LimitScope.Default,
        "",
        RiskMetric.NetDelta,
        AlertingScope.Default.Horizon,
        threshold,
        RiskLimit.DefaultWarningRatio,
        RiskLimit.DefaultCureRatio,
        SeveritySteps.Default,
        Currency: null,
        ValidFrom: null,
        ValidTo: null,
        Version: 0,
        "configured as Limits:DefaultNetDelta",
        "configuration");
}
