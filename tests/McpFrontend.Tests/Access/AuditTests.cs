using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class AuditTests
{
    private static readonly (string, string)[] Quick = [("Audit:WriteInterval", "00:00:00.010")];

    [Fact]
    public async Task Every_call_is_remembered_with_who_asked_what_and_what_became_of_it()
    {
        var book = new Book();
        book.Put("Rates", "P1", 10);
        await using var frontend = await Frontend.StartAsync(book, Quick);
        var ann = frontend.Registry.Add("ann", Role.Viewer, Clearance.Desk, "Rates", "FX");

        var (_, answer) = await frontend.AsAsync(ann, "/api/v1/desks/Rates/exposure?horizon=intraday");
        await frontend.AsAsync(ann, "/api/v1/desks/exposure?desk=Credit");
        await frontend.AsAsync(ann, "/api/v1/limits?nonsense=secret");
        using (await frontend.SendAsync(HttpMethod.Post, "/api/v1/alerts/7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11/ack", ("X-Api-Key", ann)))
        {
        }

        await frontend.GetAsync("/api/v1/limits");
        await frontend.StopAsync();

        var audit = frontend.Registry.Audit;
        Assert.Equal(
            [
                ("ann", "monitor_desk_exposure", "ok", "Rates"), ("ann", "monitor_desk_exposure", "not_found", "Credit"),
                ("ann", "get_limits", "invalid_input", null), ("ann", "ack_alert", "forbidden", null), (null, "get_limits", "unauthenticated", (string?)null),
            ],
            audit.Select(entry => (entry.User, entry.Tool, entry.Outcome, entry.Desk)));
        Assert.All(audit, entry => Assert.Equal(("http", "127.0.0.1", 1), (entry.Channel, entry.Address, entry.Calls)));
        Assert.Equal(("FX; Rates", "desk", "desk horizon"), (audit[0].Scope, audit[0].Clearance, audit[0].Arguments));
        Assert.Equal((string?)answer["request_id"], audit[0].RequestId);
        Assert.True(audit[0].Took > TimeSpan.Zero);
        Assert.DoesNotContain(audit, entry => entry.ToString().Contains("secret", StringComparison.Ordinal) || entry.ToString().Contains(ann, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flood_of_refusals_is_counted_without_loss_and_fills_few_entries()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("Audit:WriteInterval", "00:00:10"));
        frontend.Registry.Add("ann");

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => frontend.GetAsync("/api/v1/limits")));
        await frontend.StopAsync();

        Assert.Equal(500, frontend.Registry.Audit.Sum(entry => entry.Calls));
        Assert.InRange(frontend.Registry.Audit.Count, 2, 4);
        Assert.Equal(["rate_limited", "unauthenticated"], frontend.Registry.Audit.Select(entry => entry.Outcome).Distinct().Order());
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_holds_up_no_call_and_what_is_lost_is_counted()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), [.. Quick, ("Audit:MostWaiting", "3")]);
        var never = new TaskCompletionSource();
        frontend.Registry.BeforeWriting = () => never.Task;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await frontend.GetAsync("/api/v1/limits")).Status);
        }

        // At most three wait and one batch is being written: of ten calls some are lost, and said to be.
        Assert.Matches(@"riskmonitor_audit_dropped\w* [1-9]", await frontend.Client.GetStringAsync("/metrics"));
        never.SetResult();
        frontend.Registry.BeforeWriting = () => Task.CompletedTask;
        await frontend.StopAsync();
        Assert.InRange(frontend.Registry.Audit.Count, 3, 9);
    }

    [Fact]
    public async Task What_failed_to_be_written_is_written_when_it_can_be()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), Quick);
        await frontend.OkAsync("/api/v1/desks");
        var failures = 0;
        frontend.Registry.BeforeWriting = () => ++failures <= 3 ? throw new IOException("disk full") : Task.CompletedTask;
        await frontend.GetAsync("/api/v1/limits");

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (frontend.Registry.Audit.All(entry => entry.Tool != "get_limits"))
        {
            await look.WaitForNextTickAsync(deadline.Token);
        }

        Assert.Equal(["list_desks", "get_limits"], frontend.Registry.Audit.Select(entry => entry.Tool));
    }
}
