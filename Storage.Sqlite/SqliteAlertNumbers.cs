using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>SQLite commits one transaction after the other, so the next number can be taken inside it.</summary>
internal sealed class SqliteAlertNumbers : IAlertNumbers
{
    public Task<long> NextAsync(DbSession db) => db.ScalarAsync<long>("SELECT coalesce(max(`change`), 0) + 1 FROM alerts");

    public Task NumberCommittedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
