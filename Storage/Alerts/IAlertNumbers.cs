using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Alerts;

/// <summary>
/// Numbers the changes of alerts in the order of their commits, so that a reader who has seen a number misses nothing below it.
/// </summary>
internal interface IAlertNumbers
{
    /// <summary>Within the transaction that changes the alert: the number of the change; below 0 where it is numbered after its commit.</summary>
    Task<long> NextAsync(DbSession db);

    /// <summary>Numbers what was committed without a number. Call it before reading changes.</summary>
    Task NumberCommittedAsync(CancellationToken cancellationToken);
}
