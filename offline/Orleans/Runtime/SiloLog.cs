using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>What a silo logs.</summary>
internal sealed partial class SiloLog(ILogger logger)
{
    [LoggerMessage(LogLevel.Information, "Silo {Name} started at {Address}. This is the offline stand-in for the Orleans packages: one process, no cluster.")]
    internal partial void Started(string name, SiloAddress address);

    [LoggerMessage(LogLevel.Error, "Error while the silo stopped.")]
    internal partial void StopFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "Failed to activate {GrainId}.")]
    internal partial void ActivationFailed(Exception exception, GrainId grainId);

    [LoggerMessage(LogLevel.Error, "Error while {GrainId} was deactivated.")]
    internal partial void DeactivationFailed(Exception exception, GrainId grainId);

    [LoggerMessage(LogLevel.Warning, "Caught and ignored an exception of a timer callback of {GrainId}.")]
    internal partial void TimerFailed(Exception exception, GrainId grainId);

    [LoggerMessage(LogLevel.Warning, "{Request} failed and nobody waits for it.")]
    internal partial void OneWayFailed(Exception exception, GrainRequest request);

    [LoggerMessage(LogLevel.Error, "Error while the reminder {ReminderName} of {GrainId} was delivered.")]
    internal partial void ReminderFailed(Exception exception, string reminderName, GrainId grainId);

    [LoggerMessage(LogLevel.Error, "The reminder table could not be read; it is read again after the refresh period.")]
    internal partial void ReminderTableFailed(Exception exception);
}
