using Microsoft.Extensions.Logging;
using RiskMonitor.Grains;

namespace RiskMonitor.Silo;

/// <summary>
/// Keeps a grain that the cluster has once active: every silo calls it at an interval, so that it is active as long as any silo runs. Calls do this and not a
/// reminder, because a reminder ticks once a minute at the most and would leave the work of a stopped silo waiting for that long.
/// </summary>
/// <param name="what">What the grain does, for the log.</param>
internal abstract partial class GrainKeeper(string what, TimeSpan interval, TimeProvider clock, ILogger logger) : PeriodicService(interval, clock)
{
    protected override void OnFailed(Exception exception) => LogUnreachable(logger, exception, what);
}
