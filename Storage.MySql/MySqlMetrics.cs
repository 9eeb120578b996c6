using System.Diagnostics.Metrics;

namespace RiskMonitor.Storage.MySql;

/// <summary>How often writes are repeated, by reason: deadlock, lock_wait or connection.</summary>
internal sealed class MySqlMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _retries = meters.Create("RiskMonitor").CreateCounter<long>(
        "storage_write_retries_total", description: "Writes repeated after a deadlock, a long wait for a lock, or a lost connection");

    public void Repeated(Exception error) => _retries.Add(1, new KeyValuePair<string, object?>("reason", MySqlFaults.Reason(error)));
}
