using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Tests.Evidence;

public abstract class EvidenceLogTests(TestServer server)
{
    [Fact]
    public async Task Everything_that_happens_leaves_an_entry_and_the_chain_verifies()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        var kinds = (await story.EntriesAsync()).CountBy(entry => entry.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => (kind.Key, kind.Value));
        Assert.Equal(
            [
                ("access", 2), ("ack", 1), ("alert", 4), ("alert_group", 1), ("assign", 1), ("delivery", 3), ("endpoint", 4), ("limit", 2), ("limit_settings", 2), ("opened", 1), ("snooze", 1),
                ("user", 3),
            ],
            kinds);
        var check = await story.VerifyAsync();
        Assert.Empty(check.Findings);
        Assert.Empty(check.RowsBefore);
        Assert.Equal(
            [
                ("alert_deliveries", 1L), ("alert_events", 7), ("alert_groups", 1), ("alerts", 1), ("audit_log", 3), ("endpoints", 2), ("limit_settings", 1), ("risk_limit_history", 2), ("risk_limits", 1),
                ("users", 2),
            ],
            check.Rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => (row.Key, row.Value)));
        Assert.Equal(25, check.Entries);
        Assert.Equal(story.Log.Heads, check.Chains.Select(chain => chain.Head));
    }

    [Fact]
    public async Task An_ack_is_recorded_with_its_comment_and_the_hash_of_what_was_read()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        var ack = Assert.Single(await story.Log.AboutAsync($"{story.AlertId:D}", default), entry => entry.Kind == EvidenceKinds.Ack);

        using var document = JsonDocument.Parse(ack.Document);
        var said = document.RootElement.GetProperty("ack");
        Assert.Equal(
            ("ann", "bob", "hedged", "reducing", new string('a', 64)),
            (said.GetProperty("by").GetString(), said.GetProperty("on_behalf_of").GetString(), said.GetProperty("comment").GetString(), said.GetProperty("disposition").GetString(),
                said.GetProperty("payload_sha256").GetString()));
    }

    [Fact]
    public async Task Secrets_are_in_no_entry()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        Assert.DoesNotContain(await story.EntriesAsync(), entry => entry.Document.Contains("whsec_x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_no_entry_and_the_others_of_its_group_do()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var before = (await story.EntriesAsync()).Count;

        var writes = Enumerable.Range(0, 20).Select(i => story.Database.Get<IDatabase>().WriteAsync(
            async db =>
            {
                db.Record(Storage.Evidence.EvidenceDraft.Of("test", $"n{i}", 0, _ => { }));
                await db.ExecuteAsync("INSERT INTO dead_letters (topic, `partition`, `offset`, reason, `key`, payload, at) VALUES ('t', 1, @I, 'r', '', '', 0)", new { I = i });
                return i % 3 == 0 ? throw new InvalidOperationException("refused") : i;
            },
            default)).ToList();
        foreach (var (write, i) in writes.Select((write, i) => (write, i)))
        {
            await (i % 3 == 0 ? (Task)Assert.ThrowsAsync<InvalidOperationException>(() => write) : write);
        }

        var after = (await story.EntriesAsync()).Where(entry => entry.Kind == "test").Select(entry => entry.Subject).ToHashSet();
        Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 3 != 0).Select(i => $"n{i}").ToHashSet(), after);
        Assert.True((await story.VerifyAsync()).IsClean);
        Assert.Equal(before + 13, (await story.EntriesAsync()).Count(entry => entry.Kind != EvidenceKinds.Opened) + 1);
    }

    [Fact]
    public async Task Writers_of_several_processes_leave_chains_that_verify_and_name_each_other()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        await using (var other = await story.Database.OpenAgainAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? story.Database : other).Get<IAlertStore>().SaveAsync(
                Samples.Alert($"Desk {i}", story.Time.GetUtcNow()), [new AlertEvent(story.Time.GetUtcNow(), "opened", 1, $"{i}")], default)));
            await other.Get<IEvidenceLog>().LinkAsync(default);
            Assert.NotEmpty(other.Get<IEvidenceLog>().Heads);
        }

        var check = await story.VerifyAsync();
        Assert.Empty(check.Findings);
        Assert.Equal(41, check.Rows["alerts"]);
        if (story.Database.IsMySql)
        {
            Assert.True(check.Chains.Count > 1, $"{check.Chains.Count} chains");
            var ended = story.Log.Heads[0];
            Assert.Contains(await story.EntriesAsync(), entry => entry.Chain != ended.Chain && entry.Kind is EvidenceKinds.Heads && entry.Document.Contains(ended.Hash, StringComparison.Ordinal));
        }
        else
        {
            Assert.Single(check.Chains);
        }
    }

    [Fact]
    public async Task What_was_there_before_the_chains_is_counted_and_not_judged()
    {
        await using var story = await EvidenceStory.BeginAsync(server);
        await story.TellOfAlertAsync("Old");
        await story.Database.Get<IAuditLog>().AddAsync([story.Call("req_old", "list_alerts")], default);
        await story.TamperAsync("DELETE FROM evidence");
        await story.TamperAsync("DELETE FROM evidence_heads");
        story.Pass();
        var missing = Assert.Single((await story.Log.VerifyAsync([], null, default)).Findings);
        Assert.Equal(EvidenceProblems.EntryMissing, missing.Problem);
        Assert.Contains("there is no entry at all", missing.Detail, StringComparison.Ordinal);
        await using var upgraded = await UpgradedAsync(story);

        await upgraded.TellAsync();

        var check = await upgraded.VerifyAsyncFrom(Samples.Noon.AddMinutes(7.5));
        Assert.Empty(check.Findings);
        Assert.Equal((1L, 1L, 7L, 1L), (check.RowsBefore["alerts"], check.RowsBefore["alert_deliveries"], check.RowsBefore["alert_events"], check.RowsBefore["audit_log"]));
    }

    /// <summary>The process of the version with evidence. That of the version before, which the story stands for, would have remembered its own.</summary>
    private static async Task<EvidenceStory> UpgradedAsync(EvidenceStory before) => new(await before.Database.OpenAgainAsync(time: before.Time), before.Time);

    [Fact]
    public async Task An_alert_from_before_goes_on_with_evidence()
    {
        await using var story = await EvidenceStory.BeginAsync(server);
        var alert = await story.TellOfAlertAsync("Old");
        await story.TamperAsync("DELETE FROM evidence");
        await story.TamperAsync("DELETE FROM evidence_heads");
        story.Pass();
        await using var upgraded = await UpgradedAsync(story);
        await upgraded.Database.Get<IAlertStore>().SaveAsync(alert, [new AlertEvent(story.Time.GetUtcNow(), "cured", 1, "figure")], default);

        var check = await story.VerifyAsyncFrom(Samples.Noon.AddMinutes(7.5));

        Assert.Empty(check.Findings);
        Assert.Equal((1L, 1L, 7L), (check.Rows["alerts"], check.Rows["alert_events"], check.RowsBefore["alert_events"]));
        await story.TamperAsync("UPDATE alerts SET severity = 'LOW' WHERE alert_id = @Id", new { Id = $"{alert.AlertId:D}" });
        Assert.Equal(EvidenceProblems.RowChanged, Assert.Single((await story.VerifyAsync()).Findings, finding => finding.Table == "alerts").Problem);
    }

    [Fact]
    public async Task Retention_leaves_an_entry_from_where_the_chain_verifies()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var published = story.Log.Heads[0];
        var from = (await story.EntriesAsync()).First(entry => entry.Kind == EvidenceKinds.User).Sequence;
        story.Time.Advance(TimeSpan.FromDays(1));
        var before = (await story.EntriesAsync()).First(entry => entry.Sequence == from).At;

        Assert.Equal(from - 1, await story.Log.PruneAsync(before, default));
        Assert.Equal(0, await story.Log.PruneAsync(before, default));

        var check = await story.VerifyAsync(published);
        Assert.Empty(check.Findings);
        Assert.Equal((from, before), (check.Chains[0].From, check.PrunedBefore));
        Assert.True(check.RowsBefore["risk_limits"] > 0);

        // The whole chain may be old; its newest entry stays, so that it does not begin anew.
        Assert.True(await story.Log.PruneAsync(story.Time.GetUtcNow().AddDays(1), default) > 0);
        Assert.Empty((await story.VerifyAsync(published)).Findings);

        await story.TamperAsync("DELETE FROM evidence WHERE sequence = (SELECT s FROM (SELECT min(sequence) AS s FROM evidence) AS oldest)");
        Assert.Contains((await story.VerifyAsync()).Findings, finding => finding.Problem == EvidenceProblems.EntryMissing);
    }

    [Fact]
    public async Task Calls_that_retention_removed_are_not_missed()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var before = story.Time.GetUtcNow();
        Assert.Equal(2, await story.Database.Get<IAuditLog>().PruneAsync(before, default));
        Assert.Empty((await story.VerifyAsync()).Findings);

        await story.TamperAsync("DELETE FROM audit_log");
        Assert.Equal((EvidenceProblems.RowDeleted, "req_3"), Problem(Assert.Single((await story.VerifyAsync()).Findings)));
    }

    internal static (string Problem, string? Subject) Problem(EvidenceFinding finding) => (finding.Problem, finding.Subject);

    public sealed class OnSqlite() : EvidenceLogTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : EvidenceLogTests(TestServer.MariaDb);
}
