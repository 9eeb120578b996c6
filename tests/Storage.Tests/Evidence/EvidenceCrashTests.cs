using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Tests.Evidence;

/// <summary>The server dies in the middle of writes: what is left verifies, and has the entries of what was answered. Kills of the process are in the tests of the host and of the grains.</summary>
public sealed class EvidenceCrashTests
{
    [FactWithMariaDb]
    public async Task What_a_crash_of_the_server_leaves_verifies_and_the_writers_go_on()
    {
        await using var server = await MariaDbServer.StartAsync();
        await server.ExecuteAsync("CREATE DATABASE crashes");
        await using var database = await TestDatabase.OpenMySqlAsync(server.ConnectionString("crashes"), null, null, () => Task.CompletedTask);
        using var stop = new CancellationTokenSource();
        var saved = new SavedAlerts(database);
        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => saved.SaveAsync(n, stop.Token))));
        for (var crash = 0; crash < 3; crash++)
        {
            var before = saved.Count;
            await Eventually.IsTrueAsync("alerts are written", () => saved.Count > before + 30);
            await server.KillAsync();
            await server.StartProcessAsync();
        }

        var after = saved.Count;
        await Eventually.IsTrueAsync("alerts are written after the last crash", () => saved.Count > after + 30);
        await stop.CancelAsync();
        await writing;

        var check = await database.Get<IEvidenceLog>().VerifyAsync([.. database.Get<IEvidenceLog>().Heads], DateTimeOffset.MinValue, default);
        Assert.Empty(check.Findings);
        Assert.InRange(check.Rows["alerts"], saved.Count, long.MaxValue);
        Assert.InRange(check.Chains.Count, 2, 100);
    }

    /// <summary>Alerts that are saved and saved again, as long as the database takes them.</summary>
    private sealed class SavedAlerts(TestDatabase database)
    {
        private int _count;

        /// <summary>Alerts whose first write was answered.</summary>
        public int Count => Volatile.Read(ref _count);

        public async Task SaveAsync(int writer, CancellationToken cancellationToken)
        {
            for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
            {
                try
                {
                    var alert = await Store.SaveAsync(Samples.Alert($"Desk {writer}/{i}"), [new AlertEvent(Samples.Noon, "opened", 1, $"{i}")], CancellationToken.None);
                    Interlocked.Increment(ref _count);
                    await Store.SaveAsync(alert with { Status = AlertStatus.PendingDelivery }, [new AlertEvent(Samples.Noon, "analysed", 1, "rules")], CancellationToken.None);
                }
                catch (IOException)
                {
                    // The write was lost, or nobody knows; as a grain, go on with another alert.
                }
            }
        }

        private IAlertStore Store => database.Get<IAlertStore>();
    }
}
