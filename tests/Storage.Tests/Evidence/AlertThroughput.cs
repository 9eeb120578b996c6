using System.Diagnostics;
using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Tests.Evidence;

/// <summary>What an alert's writes cost, entries of evidence included. Run it alone, by name.</summary>
public abstract class AlertThroughput(TestServer server)
{
    private const int Alerts = 500;

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Alerts_are_opened_analysed_and_delivered(int atOnce)
    {
        await using var database = await server.CreateAsync();
        await RunAsync(database, 50, atOnce);
        var (writes, took) = await RunAsync(database, Alerts, atOnce);
        var before = Stopwatch.GetTimestamp();
        var check = await database.Get<IEvidenceLog>().VerifyAsync([], DateTimeOffset.MinValue, default);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{writes / took.TotalSeconds:0} writes/s at {atOnce} at once; {check.Entries} entries in {check.Chains.Count} chains verified in {Stopwatch.GetElapsedTime(before).TotalMilliseconds:0} ms"));
    }

    private static async Task<(int Writes, TimeSpan Took)> RunAsync(TestDatabase database, int alerts, int atOnce)
    {
        var store = database.Get<IAlertStore>();
        var writes = 0;
        var before = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, alerts, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, cancellationToken) =>
        {
            var lifecycle = new AlertLifecycle(AlertPolicy.Default, AlertDocument.WebhookBody);
            var alert = await store.SaveAsync(Samples.Alert($"Desk {i % 20}"), [new AlertEvent(Samples.Noon, "opened", 1, "")], cancellationToken);
            foreach (var step in (Func<Alert, AlertStep>[])
                [
                    known => lifecycle.Analysed(known, 1, new Analysis("Over by 700.", "{}", "rules"), Samples.Noon),
                    known => lifecycle.Begin(known, known.Notice!.DeliveryId, Samples.Noon),
                    known => lifecycle.Attempted(known, known.Notice!.DeliveryId, 1, new DeliveryResult(DeliveryOutcome.Delivered, "200"), Samples.Noon, 0.5),
                ])
            {
                var next = step(alert);
                alert = await store.SaveAsync(next.Alert, next.Events, cancellationToken);
            }

            Interlocked.Add(ref writes, 4);
        });
        return (writes, Stopwatch.GetElapsedTime(before));
    }

    public sealed class OnSqlite() : AlertThroughput(TestServer.Sqlite);

    public sealed class OnMariaDb() : AlertThroughput(TestServer.MariaDb);
}
