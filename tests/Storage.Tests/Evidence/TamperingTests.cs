using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Tests.Evidence;

/// <summary>Somebody who may write the database changes it beside the product; the check finds each change and says where it is.</summary>
public abstract class TamperingTests(TestServer server)
{
    /// <summary>A statement, the problem that it is, and the table and subject of the row, where the subject is the same in each run.</summary>
    public static TheoryData<string, string, string, string?> Rows => new()
    {
        { "UPDATE alerts SET severity = 'LOW'", EvidenceProblems.RowChanged, "alerts", null },
        { "UPDATE alerts SET state = replace(state, 'ann', 'eve')", EvidenceProblems.RowChanged, "alerts", null },
        { "UPDATE alerts SET version = version + 1", EvidenceProblems.RowChanged, "alerts", null },
        { "DELETE FROM alerts", EvidenceProblems.RowDeleted, "alerts", null },
        { "UPDATE alert_events SET detail = 'by eve' WHERE kind = 'acknowledged'", EvidenceProblems.RowChanged, "alert_events", null },
        { "DELETE FROM alert_events WHERE kind = 'attempt_failed'", EvidenceProblems.RowDeleted, "alert_events", null },
        { "UPDATE alert_events SET n = 100 WHERE kind = 'opened'", EvidenceProblems.RowChanged, "alert_events", null },
        {
            "INSERT INTO alert_events (alert_id, n, at, kind, revision, detail) SELECT alert_id, 50, max(at), 'acknowledged', 1, 'by eve' FROM alert_events GROUP BY alert_id",
            EvidenceProblems.RowInserted, "alert_events", null
        },
        { "UPDATE alert_deliveries SET attempts = 1", EvidenceProblems.RowChanged, "alert_deliveries", null },
        { "UPDATE alert_deliveries SET answer = 'never called'", EvidenceProblems.RowChanged, "alert_deliveries", null },
        { "DELETE FROM alert_deliveries", EvidenceProblems.RowDeleted, "alert_deliveries", null },
        { "UPDATE risk_limits SET threshold = '9000'", EvidenceProblems.RowChanged, "risk_limits", "house" },
        { "DELETE FROM risk_limits", EvidenceProblems.RowDeleted, "risk_limits", "house" },
        { "UPDATE risk_limit_history SET threshold = '9000' WHERE version = 1", EvidenceProblems.RowChanged, "risk_limit_history", "house" },
        { "DELETE FROM risk_limit_history WHERE version = 1", EvidenceProblems.RowDeleted, "risk_limit_history", "house" },
        { "UPDATE limit_settings SET profile = 'none'", EvidenceProblems.RowChanged, "limit_settings", "limit_settings" },
        { "UPDATE endpoints SET settings = '{}' WHERE name = 'pager'", EvidenceProblems.RowChanged, "endpoints", "pager" },
        { "DELETE FROM endpoints WHERE name = 'mail'", EvidenceProblems.RowDeleted, "endpoints", "mail" },
        { "UPDATE alert_groups SET alerts = '[]'", EvidenceProblems.RowChanged, "alert_groups", "grp_1" },
        { "UPDATE alert_groups SET expires_at = expires_at + 1", EvidenceProblems.RowChanged, "alert_groups", "grp_1" },
        { "DELETE FROM alert_groups", EvidenceProblems.RowDeleted, "alert_groups", "grp_1" },
        {
            "INSERT INTO alert_groups (group_id, endpoint, created_at, expires_at, alerts) SELECT 'grp_9', endpoint, max(created_at), max(expires_at), '[]' FROM alert_groups AS g GROUP BY endpoint",
            EvidenceProblems.RowInserted, "alert_groups", "grp_9"
        },
        { "UPDATE users SET role = 'operator' WHERE name = 'ann'", EvidenceProblems.RowChanged, "users", null },
        { "UPDATE users SET revoked_at = NULL, revoked_by = NULL WHERE name = 'bob'", EvidenceProblems.RowChanged, "users", null },
        { "DELETE FROM users WHERE name = 'bob'", EvidenceProblems.RowDeleted, "users", null },
        { "UPDATE audit_log SET user = 'eve' WHERE request_id = 'req_2'", EvidenceProblems.RowChanged, "audit_log", "req_2" },
        { "DELETE FROM audit_log WHERE request_id = 'req_1'", EvidenceProblems.RowDeleted, "audit_log", "req_1" },
        {
            "INSERT INTO audit_log (at, channel, tool, outcome, request_id, took_us, arguments, calls) SELECT max(at), 'http', 'list_alerts', 'ok', 'req_9', 1, '', 1 FROM audit_log",
            EvidenceProblems.RowInserted, "audit_log", "req_9"
        },
        {
            "INSERT INTO endpoints (name, version, settings, reason, changed_by, changed_at) SELECT 'spy', 1, '{}', 'x', 'eve', max(changed_at) FROM endpoints AS e",
            EvidenceProblems.RowInserted, "endpoints", "spy"
        },
        {
            "INSERT INTO users (key_id, name, role, clearance, key_hash, added_at, added_by) SELECT 'k', 'eve', 'operator', 'trader', 'x', max(added_at), 'eve' FROM users AS u",
            EvidenceProblems.RowInserted, "users", "k"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_changed_row_is_found(string sql, string problem, string table, string? subject)
    {
        await using var story = await EvidenceStory.TellAsync(server);

        await story.TamperAsync(sql);

        var finding = Assert.Single((await story.VerifyAsync()).Findings);
        Assert.Equal((problem, table), (finding.Problem, finding.Table));
        if (problem == EvidenceProblems.RowInserted)
        {
            Assert.Null(finding.Chain);
        }
        else
        {
            // The entry that shows it is named, and it is about that row.
            var entry = Assert.Single(await story.EntriesAsync(), entry => (entry.Chain, entry.Sequence) == (finding.Chain, finding.Sequence));
            Assert.True(entry.Subject == finding.Subject || table == "audit_log");
        }

        Assert.Equal(subject ?? (table == "users" ? finding.Subject : $"{story.AlertId:D}"), finding.Subject);
        Assert.NotEmpty(finding.Detail);
    }

    [Theory]
    [InlineData("users", "INSERT INTO users (key_id, name, role, clearance, key_hash, added_at, added_by) SELECT 'k', 'eve', 'operator', 'trader', 'x', min(added_at) - 864000000000, 'eve' FROM users AS u")]
    [InlineData("endpoints", "INSERT INTO endpoints (name, version, settings, reason, changed_by, changed_at) SELECT 'spy', 1, '{}', 'x', 'eve', min(changed_at) - 864000000000 FROM endpoints AS e")]
    [InlineData("audit_log", "INSERT INTO audit_log (at, channel, tool, outcome, request_id, took_us, arguments, calls) SELECT min(at) - 864000000000, 'http', 'list_alerts', 'ok', 'req_9', 1, '', 1 FROM audit_log")]
    [InlineData("alert_events", "INSERT INTO alert_events (alert_id, n, at, kind, revision, detail) SELECT alert_id, 50, min(at) - 864000000000, 'acknowledged', 1, 'by eve' FROM alert_events GROUP BY alert_id")]
    [InlineData("alert_groups", "INSERT INTO alert_groups (group_id, endpoint, created_at, expires_at, alerts) SELECT 'grp_9', endpoint, min(created_at) - 864000000000, max(expires_at), '[]' FROM alert_groups AS g GROUP BY endpoint")]
    [InlineData("alert_deliveries", "UPDATE alert_deliveries SET delivery_id = 'dlv_9', changed_at = changed_at - 864000000000")]
    public async Task A_row_that_is_inserted_as_if_it_were_older_than_the_chains_is_found(string table, string sql)
    {
        await using var story = await EvidenceStory.TellAsync(server);
        await story.TamperAsync(sql);

        var inserted = Assert.Single((await story.VerifyAsync()).Findings, finding => finding.Problem == EvidenceProblems.RowInserted);

        Assert.Equal(table, inserted.Table);
        Assert.Contains("1 rows that no entry records", inserted.Detail, StringComparison.Ordinal);
        Assert.Contains("there were 0 such rows", inserted.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_column_is_named_with_both_values()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        await story.TamperAsync("UPDATE risk_limits SET threshold = '9000'");

        Assert.Contains("threshold is \"9000\" and was written as \"2000", Assert.Single((await story.VerifyAsync()).Findings).Detail);
    }

    [Fact]
    public async Task A_list_whose_link_has_ended_is_removed_with_an_entry_and_any_other_is_missed()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        await story.TellOfListAsync("grp_2", TimeSpan.FromSeconds(30));
        story.Pass();
        await story.TellOfListAsync("grp_3", TimeSpan.FromDays(3));
        Assert.Null(await story.Database.Get<Risk.Alerts.IAlertGroupStore>().FindAsync("grp_2", default));
        Assert.Empty((await story.VerifyAsync()).Findings);

        await story.TamperAsync("DELETE FROM alert_groups");

        Assert.Equal(["grp_1", "grp_3"], (await story.VerifyAsync()).Findings.Select(finding => finding.Subject).Order());
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_found_once_its_process_has_written_again()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var end = (await story.EntriesAsync())[^2];
        await story.TamperAsync("DELETE FROM evidence WHERE sequence > @Sequence", new { end.Sequence });
        await story.TamperAsync("UPDATE evidence_heads SET sequence = @Sequence, hash = @Hash", new { end.Sequence, end.Hash });
        await story.TamperAsync("DELETE FROM audit_log WHERE request_id = 'req_3'");
        Assert.Empty((await story.VerifyAsync()).Findings);

        var audit = story.Database.Get<Risk.Access.IAuditLog>();
        await audit.AddAsync([story.Call("req_4", "list_alerts")], default);
        await audit.AddAsync([story.Call("req_5", "list_alerts")], default);

        var finding = Assert.Single((await story.VerifyAsync()).Findings);
        Assert.Equal((EvidenceProblems.HeadLost, end.Chain, end.Sequence + 1), (finding.Problem, finding.Chain, finding.Sequence!.Value));
    }

    public static TheoryData<string> Contents =>
    [
        "document = concat('x', document)", "document = replace(document, 'house', 'horse')", "at = at + 1", "subject = concat(subject, '2')", "ordinal = ordinal + 1",
        "kind = 'user'", "hash = previous", "previous = hash",
    ];

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task An_edited_entry_is_found(string change)
    {
        await using var story = await EvidenceStory.TellAsync(server);

        await story.TamperAsync($"UPDATE evidence SET {change} WHERE sequence = 4");

        var findings = (await story.VerifyAsync()).Findings;
        var entry = Assert.Single(findings, finding => finding.Table is null);
        Assert.Equal((EvidenceProblems.EntryEdited, story.Log.Heads[0].Chain, 4L), (entry.Problem, entry.Chain, entry.Sequence));
    }

    [Fact]
    public async Task An_edited_entry_whose_hash_was_made_anew_is_found_by_the_one_behind_it()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var entry = (await story.EntriesAsync())[6];
        var document = entry.Document.Replace("mail", "post", StringComparison.Ordinal);
        var hash = EvidenceEntry.HashOf(entry.Chain, entry.Sequence, entry.Previous, entry.Kind, entry.Subject, entry.Ordinal, entry.At, document);

        await story.TamperAsync("UPDATE evidence SET document = @Document, hash = @Hash WHERE sequence = 7", new { Document = document, Hash = hash });

        var finding = Assert.Single((await story.VerifyAsync()).Findings, finding => finding.Table is null);
        Assert.Equal((EvidenceProblems.EntryEdited, 7L), (finding.Problem, finding.Sequence));
        Assert.Contains("made anew", finding.Detail);
    }

    [Fact]
    public async Task A_chain_that_was_made_anew_from_an_entry_on_is_found_by_the_head_that_was_published()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var published = story.Log.Heads[0];
        var previous = "";
        foreach (var entry in (await story.EntriesAsync()).Skip(6))
        {
            var document = entry.Document.Replace("mail", "post", StringComparison.Ordinal);
            var before = previous.Length > 0 ? previous : entry.Previous;
            previous = EvidenceEntry.HashOf(entry.Chain, entry.Sequence, before, entry.Kind, entry.Subject, entry.Ordinal, entry.At, document);
            await story.TamperAsync(
                "UPDATE evidence SET document = @Document, previous = @Before, hash = @Hash WHERE sequence = @Sequence",
                new { Document = document, Before = before, Hash = previous, entry.Sequence });
        }

        await story.TamperAsync("UPDATE evidence_heads SET hash = @Hash", new { Hash = previous });

        var finding = Assert.Single((await story.VerifyAsync(published)).Findings, finding => finding.Table is null);
        Assert.Equal((EvidenceProblems.HeadLost, published.Chain, published.Sequence), (finding.Problem, finding.Chain, finding.Sequence));
    }

    [Fact]
    public async Task A_missing_entry_is_found()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        await story.TamperAsync("DELETE FROM evidence WHERE sequence IN (5, 6)");

        var finding = Assert.Single((await story.VerifyAsync()).Findings, finding => finding.Table is null);
        Assert.Equal((EvidenceProblems.EntryMissing, 5L), (finding.Problem, finding.Sequence));
    }

    [Fact]
    public async Task An_entry_that_was_removed_by_numbering_the_others_anew_is_found()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        await story.TamperAsync("DELETE FROM evidence WHERE sequence = 5");
        for (var sequence = 6; sequence <= 25; sequence++)
        {
            await story.TamperAsync("UPDATE evidence SET sequence = sequence - 1 WHERE sequence = @Sequence", new { Sequence = sequence });
        }

        await story.TamperAsync("UPDATE evidence_heads SET sequence = sequence - 1");
        var finding = Assert.Single((await story.VerifyAsync()).Findings, finding => finding.Table is null);
        Assert.Equal((EvidenceProblems.EntryMissing, 5L), (finding.Problem, finding.Sequence));
    }

    [Fact]
    public async Task An_inserted_entry_is_found()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        for (var sequence = 25; sequence >= 10; sequence--)
        {
            await story.TamperAsync("UPDATE evidence SET sequence = sequence + 1 WHERE sequence = @Sequence", new { Sequence = sequence });
        }

        var before = (await story.EntriesAsync())[8];
        var hash = EvidenceEntry.HashOf(before.Chain, 10, before.Hash, "alert", "x", 1, before.At, "{}");
        await story.TamperAsync(
            "INSERT INTO evidence (chain, sequence, at, kind, subject, ordinal, document, previous, hash) VALUES (@Chain, 10, @At, 'alert', 'x', 1, '{}', @Before, @Hash)",
            new { before.Chain, At = before.At.UtcTicks, Before = before.Hash, Hash = hash });
        await story.TamperAsync("UPDATE evidence_heads SET sequence = sequence + 1");

        var findings = (await story.VerifyAsync()).Findings;
        Assert.Equal((EvidenceProblems.EntryInserted, 10L), Assert.Single(findings, finding => finding.Problem == EvidenceProblems.EntryInserted) is var found ? (found.Problem, found.Sequence) : default);
    }

    [Fact]
    public async Task Reordered_entries_are_found()
    {
        await using var story = await EvidenceStory.TellAsync(server);

        await story.TamperAsync("UPDATE evidence SET sequence = -1 WHERE sequence = 5");
        await story.TamperAsync("UPDATE evidence SET sequence = 5 WHERE sequence = 8");
        await story.TamperAsync("UPDATE evidence SET sequence = 8 WHERE sequence = -1");

        var findings = (await story.VerifyAsync()).Findings;
        Assert.Equal([(EvidenceProblems.EntryReordered, 5L), (EvidenceProblems.EntryReordered, 8L)], findings.Select(finding => (finding.Problem, finding.Sequence!.Value)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chain_that_was_cut_off_is_found_by_its_head_or_by_the_head_that_was_published(bool headToo)
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var published = story.Log.Heads[0];
        var last = (await story.EntriesAsync())[^2];
        await story.TamperAsync("DELETE FROM evidence WHERE sequence = 25");
        await story.TamperAsync("DELETE FROM audit_log WHERE request_id = 'req_3'");
        if (headToo)
        {
            await story.TamperAsync("UPDATE evidence_heads SET sequence = @Sequence, hash = @Hash", new { last.Sequence, last.Hash });
            Assert.Empty((await story.VerifyAsync()).Findings);
        }

        var findings = (await story.VerifyAsync(published)).Findings;

        Assert.Contains(findings, finding => finding.Problem == EvidenceProblems.HeadLost && finding.Sequence == 25);
        Assert.Equal(headToo ? 1 : 2, findings.Count);
    }

    /// <summary>Alerts must go on, whatever was done to the chain, and the check still shows it.</summary>
    [Theory]
    [InlineData("INSERT INTO evidence (chain, sequence, at, kind, subject, ordinal, document, previous, hash) SELECT chain, 26, at, kind, 'x', 1, document, previous, hash FROM evidence AS e WHERE sequence = 25", 26)]
    [InlineData("DELETE FROM evidence_heads", 25)]
    [InlineData("DELETE FROM evidence WHERE sequence > 23", 24)]
    [InlineData("UPDATE evidence_heads SET sequence = 100", 26)]
    [InlineData("UPDATE evidence_heads SET sequence = 3", 25)]
    public async Task The_product_writes_on_and_the_check_shows_what_was_done(string sql, long place)
    {
        await using var story = await EvidenceStory.TellAsync(server);
        var published = story.Log.Heads[0];
        await story.TamperAsync(sql);

        var before = await story.VerifyAsync(published);
        await story.Database.Get<Risk.Access.IAuditLog>().AddAsync([story.Call("req_4", "list_alerts")], default);
        var after = await story.VerifyAsync(published);

        Assert.Contains(before.Findings, finding => finding.Table is null && finding.Sequence == place);
        Assert.DoesNotContain(after.Findings, finding => finding.Subject == "req_4");
        if (!sql.Contains("evidence_heads", StringComparison.Ordinal))
        {
            Assert.Contains(after.Findings, finding => finding.Table is null && finding.Sequence == place);
        }
    }

    [Fact]
    public async Task A_chain_that_was_removed_is_found_by_the_chains_that_name_it()
    {
        await using var story = await EvidenceStory.TellAsync(server);
        Assert.SkipWhen(!story.Database.IsMySql, "a file has one chain");
        var removed = story.Log.Heads[0];
        await using var other = await story.Database.OpenAgainAsync();
        await other.Get<Risk.Access.IAuditLog>().AddAsync([story.Call("req_4", "list_alerts")], default);

        await story.TamperAsync("DELETE FROM evidence WHERE chain = @Chain", new { removed.Chain });
        await story.TamperAsync("DELETE FROM evidence_heads WHERE chain = @Chain", new { removed.Chain });

        Assert.Contains((await story.VerifyAsync()).Findings, finding => finding.Problem == EvidenceProblems.HeadLost && finding.Chain == removed.Chain);
    }

    public sealed class OnSqlite() : TamperingTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : TamperingTests(TestServer.MariaDb);
}
