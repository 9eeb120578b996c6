using RiskMonitor.Storage.Alerts;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// A number that a transaction takes is not in the order of the commits, unless writers of alerts wait for each other. So a change is stored without a
/// number, and whoever asks for changes first numbers what is committed, one asker at a time.
/// </summary>
internal sealed class MySqlAlertNumbers(IDatabase database, TimeProvider time) : IAlertNumbers
{
    private const int AtATime = 1_000;

    private long _last;

    /// <summary>The time below 0: of changes that wait for their numbers the older ones get the lower ones.</summary>
    public Task<long> NextAsync(DbSession db)
    {
        long last, next;
        do
        {
            last = Interlocked.Read(ref _last);
            next = Math.Max(last + 1, time.GetUtcNow().UtcTicks);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        return Task.FromResult(-next);
    }

    public async Task NumberCommittedAsync(CancellationToken cancellationToken)
    {
        while (await database.ReadAsync(ReadPool.LookUp, db => db.ScalarAsync<long?>("SELECT 1 FROM alerts WHERE `change` < 0 LIMIT 1"), cancellationToken) is not null)
        {
            await database.WriteAsync(NumberAsync, cancellationToken);
        }
    }

    private static async Task<int> NumberAsync(DbSession db)
    {
        // Held to the commit: numbers become visible in their order.
        var last = await db.ScalarAsync<long>("SELECT value FROM write_locks WHERE name = 'alert_changes' FOR UPDATE");
        var alerts = await db.ListAsync(
            "SELECT alert_id, version FROM alerts WHERE `change` < 0 ORDER BY `change` DESC, alert_id LIMIT @AtMost",
            row => (AlertId: row.Text(0), Version: row.GetInt32(1)),
            new { AtMost = AtATime });
        if (alerts.Count == 0)
        {
            return 0;
        }

        // An alert that was changed again meanwhile is numbered next time.
        await db.ExecuteAsync(
            "UPDATE alerts SET `change` = @Change WHERE alert_id = @AlertId AND version = @Version",
            alerts.Select((alert, i) => new { alert.AlertId, alert.Version, Change = last + i + 1 }).ToList());
        return await db.ExecuteAsync("UPDATE write_locks SET value = @Last WHERE name = 'alert_changes'", new { Last = last + alerts.Count });
    }
}
