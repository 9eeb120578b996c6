using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Tests.Evidence;

/// <summary>Chains with a key: who may write the database cannot make them anew.</summary>
public abstract class EvidenceKeyTests(TestServer server)
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] s_older = [.. Enumerable.Range(0, 40).Select(i => (byte)(200 - i))];

    [Fact]
    public async Task A_chain_with_a_key_is_named_by_it_and_verifies_with_it_alone()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));

        var head = Assert.Single(story.Log.Heads);
        Assert.EndsWith($".{EvidenceKeys.IdOf(s_key)}", head.Chain, StringComparison.Ordinal);
        Assert.True((await story.VerifyAsync(head)).IsClean);
        Assert.All(await story.Log.AboutAsync($"{story.AlertId:D}", default), entry => Assert.True(entry.IsSound));

        foreach (var keys in (EvidenceKeys[])[EvidenceKeys.None, new EvidenceKeys(s_older, [])])
        {
            var findings = (await VerifyWithAsync(story, keys)).Findings;
            var missing = Assert.Single(findings, finding => finding.Problem == EvidenceProblems.KeyMissing);
            Assert.Equal(head.Chain, missing.Chain);
            Assert.Contains($"key {EvidenceKeys.IdOf(s_key)}", missing.Detail, StringComparison.Ordinal);
            Assert.Contains("Evidence:Key", missing.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain(findings, finding => finding.Problem == EvidenceProblems.EntryEdited);
        }
    }

    [Fact]
    public async Task An_entry_whose_hash_was_made_anew_without_the_key_is_found_even_where_it_is_the_last()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));
        var entry = (await story.EntriesAsync())[^1];
        var document = entry.Document.Replace("req_3", "req_4", StringComparison.Ordinal);
        var hash = EvidenceEntry.HashOf(entry.Chain, entry.Sequence, entry.Previous, entry.Kind, entry.Subject, entry.Ordinal, entry.At, document);

        await story.TamperAsync("UPDATE evidence SET document = @Document, hash = @Hash WHERE sequence = @Sequence", new { Document = document, Hash = hash, entry.Sequence });
        await story.TamperAsync("UPDATE evidence_heads SET hash = @Hash", new { Hash = hash });

        Assert.Contains((await story.VerifyAsync()).Findings, finding => finding.Problem == EvidenceProblems.EntryEdited && finding.Sequence == entry.Sequence);
    }

    [Fact]
    public async Task All_chains_made_anew_without_the_key_are_found()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));
        var previous = EvidenceEntry.NoHash;
        foreach (var entry in await story.EntriesAsync())
        {
            var hash = EvidenceEntry.HashOf("main", entry.Sequence, previous, entry.Kind, entry.Subject, entry.Ordinal, entry.At, entry.Document);
            await story.TamperAsync(
                "UPDATE evidence SET chain = 'main', previous = @Before, hash = @Hash WHERE sequence = @Sequence", new { Before = previous, Hash = hash, entry.Sequence });
            previous = hash;
        }

        await story.TamperAsync("UPDATE evidence_heads SET chain = 'main', hash = @Hash", new { Hash = previous });

        var finding = Assert.Single((await story.VerifyAsync()).Findings);
        Assert.Equal(EvidenceProblems.OtherKey, finding.Problem);
        Assert.True((await VerifyWithAsync(story, EvidenceKeys.None)).IsClean);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chain_without_the_key_that_goes_on_is_found_whatever_time_it_bears(bool isBackdated)
    {
        await using var story = await TellAsync(EvidenceKeys.None);
        await using var keyed = await GoOnAsync(story, new EvidenceKeys(s_key, []), "req_4");
        Assert.True((await VerifyWithAsync(keyed, new EvidenceKeys(s_key, []))).IsClean);
        await using var intruder = await GoOnAsync(story, EvidenceKeys.None, "req_5");
        if (isBackdated)
        {
            await BackdateAsync(story, "req_5");
        }

        // The time in which processes of both kinds may write is over.
        keyed.Time.Advance(TimeSpan.FromHours(4));
        await keyed.Database.Get<IAuditLog>().AddAsync([keyed.Call("req_6", "list_alerts")], default);

        var findings = (await VerifyWithAsync(keyed, new EvidenceKeys(s_key, []))).Findings;
        Assert.Contains(findings, finding => finding.Problem == EvidenceProblems.OtherKey && EvidenceKeys.IdOfChain(finding.Chain!) is null);
    }

    [Fact]
    public async Task A_chain_with_old_times_is_found_although_a_process_with_the_key_has_named_it()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));
        story.Time.Advance(TimeSpan.FromHours(4));
        await story.Database.Get<IAuditLog>().AddAsync([story.Call("req_4", "list_alerts")], default);
        await using var intruder = await GoOnAsync(story, EvidenceKeys.None, "req_5");
        await BackdateAsync(story, "req_5");
        await story.TamperAsync("UPDATE evidence_heads SET at = @At WHERE chain NOT LIKE '%.630dcd29'", new { At = story.Time.GetUtcNow().UtcTicks });

        await story.Log.LinkAsync(default);

        Assert.Contains(await story.EntriesAsync(), entry => entry.Kind == EvidenceKinds.Heads);
        Assert.Contains((await story.VerifyAsync()).Findings, finding => finding.Problem == EvidenceProblems.OtherKey && EvidenceKeys.IdOfChain(finding.Chain!) is null);
    }

    [Fact]
    public async Task An_entry_that_was_cut_out_is_found_although_those_behind_it_were_made_anew()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));
        var entries = await story.EntriesAsync();
        var previous = entries[3].Hash;
        await story.TamperAsync("DELETE FROM evidence WHERE sequence = 5");
        foreach (var entry in entries.Skip(5))
        {
            var hash = EvidenceEntry.HashOf(entry.Chain, entry.Sequence - 1, previous, entry.Kind, entry.Subject, entry.Ordinal, entry.At, entry.Document);
            await story.TamperAsync(
                "UPDATE evidence SET sequence = sequence - 1, previous = @Before, hash = @Hash WHERE sequence = @Sequence", new { Before = previous, Hash = hash, entry.Sequence });
            previous = hash;
        }

        await story.TamperAsync("UPDATE evidence_heads SET sequence = sequence - 1, hash = @Hash", new { Hash = previous });

        Assert.Equal(entries.Count - 5, (await story.VerifyAsync()).Findings.Count(finding => finding is { Problem: EvidenceProblems.EntryEdited, Sequence: >= 5 }));
    }

    [Fact]
    public async Task Entries_that_changed_places_are_found()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));
        await story.TamperAsync("UPDATE evidence SET sequence = 1000 WHERE sequence = 4");
        await story.TamperAsync("UPDATE evidence SET sequence = 4 WHERE sequence = 5");
        await story.TamperAsync("UPDATE evidence SET sequence = 5 WHERE sequence = 1000");

        Assert.Equal([4L, 5L], (await story.VerifyAsync()).Findings.Where(finding => finding.Problem == EvidenceProblems.EntryReordered).Select(finding => finding.Sequence!.Value));
    }

    [Fact]
    public async Task A_database_without_any_chain_is_found_by_whoever_has_a_key()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_key, []));
        await story.TamperAsync("DELETE FROM evidence");
        await story.TamperAsync("DELETE FROM evidence_heads");

        Assert.Equal(EvidenceProblems.OtherKey, Assert.Single((await VerifyWithAsync(story, new EvidenceKeys(s_key, []), null)).Findings).Problem);

        await using var empty = await EvidenceStory.BeginAsync(server, options => options.EvidenceKeys = new EvidenceKeys(s_key, []));
        Assert.True((await empty.VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task What_retention_leaves_of_a_chain_without_the_key_is_no_finding()
    {
        await using var story = await TellAsync(EvidenceKeys.None);
        await using var keyed = await GoOnAsync(story, new EvidenceKeys(s_key, []), "req_4");
        keyed.Time.Advance(TimeSpan.FromDays(10));
        await keyed.Database.Get<IAuditLog>().AddAsync([keyed.Call("req_5", "list_alerts")], default);
        while (await keyed.Log.PruneAsync(keyed.Time.GetUtcNow() - TimeSpan.FromDays(5), default) > 0)
        {
            // A chain at a time.
        }

        keyed.Time.Advance(TimeSpan.FromHours(4));
        await keyed.Database.Get<IAuditLog>().AddAsync([keyed.Call("req_6", "list_alerts")], default);
        Assert.Contains(await story.EntriesAsync(), entry => EvidenceKeys.IdOfChain(entry.Chain) is null);
        Assert.Empty((await VerifyWithAsync(keyed, new EvidenceKeys(s_key, []))).Findings);
    }

    [Fact]
    public async Task After_a_change_of_the_key_older_chains_are_checked_with_the_older_key()
    {
        await using var story = await TellAsync(new EvidenceKeys(s_older, []));
        var rotated = new EvidenceKeys(s_key, [s_older]);
        await using var next = await GoOnAsync(story, rotated, "req_4");
        next.Time.Advance(TimeSpan.FromHours(4));
        await next.Database.Get<IAuditLog>().AddAsync([next.Call("req_5", "list_alerts")], default);

        var check = await VerifyWithAsync(next, rotated);
        Assert.Empty(check.Findings);
        Assert.Equal(2, check.Chains.Count);

        // Without the older key its chains cannot be checked, and with it an edit of them shows.
        Assert.Contains((await VerifyWithAsync(next, new EvidenceKeys(s_key, []))).Findings, finding => finding.Problem == EvidenceProblems.KeyMissing && finding.Chain!.EndsWith(EvidenceKeys.IdOf(s_older), StringComparison.Ordinal));
        await next.TamperAsync("UPDATE evidence SET subject = concat(subject, '2') WHERE sequence = 4");
        Assert.Contains((await VerifyWithAsync(next, rotated)).Findings, finding => finding is { Problem: EvidenceProblems.EntryEdited, Sequence: 4 });
    }

    private async Task<EvidenceStory> TellAsync(EvidenceKeys keys)
    {
        var story = await EvidenceStory.BeginAsync(server, options => options.EvidenceKeys = keys);
        await story.TellAsync();
        return story;
    }

    /// <summary>Another process writes on, with keys of its own.</summary>
    private static async Task<EvidenceStory> GoOnAsync(EvidenceStory story, EvidenceKeys keys, string call)
    {
        story.Pass();
        var time = new FakeTimeProvider(story.Time.GetUtcNow());
        var next = new EvidenceStory(await story.Database.OpenAgainAsync(options => options.EvidenceKeys = keys, time), time);
        await next.Database.Get<IAuditLog>().AddAsync([next.Call(call, "list_alerts")], default);
        return next;
    }

    /// <summary>Gives the entry of a call, the last of its chain, the time of the chain's beginning, and makes its hash anew.</summary>
    private static async Task BackdateAsync(EvidenceStory story, string call)
    {
        var entry = (await story.EntriesAsync()).Last(entry => entry.Document.Contains(call, StringComparison.Ordinal));
        var hash = EvidenceEntry.HashOf(entry.Chain, entry.Sequence, entry.Previous, entry.Kind, entry.Subject, entry.Ordinal, Samples.Noon, entry.Document);
        await story.TamperAsync("UPDATE evidence SET at = @At, hash = @Hash WHERE chain = @Chain AND sequence = @Sequence", new { At = Samples.Noon.UtcTicks, Hash = hash, entry.Chain, entry.Sequence });
        await story.TamperAsync("UPDATE evidence_heads SET at = @At, hash = @Hash WHERE chain = @Chain", new { At = Samples.Noon.UtcTicks, Hash = hash, entry.Chain });
    }

    private static Task<EvidenceCheck> VerifyWithAsync(EvidenceStory story, EvidenceKeys keys) => VerifyWithAsync(story, keys, Samples.Noon.AddSeconds(-1));

    private static Task<EvidenceCheck> VerifyWithAsync(EvidenceStory story, EvidenceKeys keys, DateTimeOffset? upgraded) => story.Database.Get<IDatabase>().ReadAsync(
        ReadPool.Upkeep, db => new EvidenceVerifier(story.Database.Get<IDatabase>().Dialect.Upgrade, keys).RunAsync(db, [], upgraded), default);

    public sealed class OnSqlite() : EvidenceKeyTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : EvidenceKeyTests(TestServer.MariaDb);
}

/// <summary>The section of the configuration.</summary>
public sealed class EvidenceOptionsTests
{
    private const string Good = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public void The_keys_of_the_configuration_are_those_of_the_chains()
    {
        Assert.Null(Keys([]).CurrentId);
        var keys = Keys([("Evidence:Key", Good), ("Evidence:PreviousKeys:0", Convert.ToBase64String(new byte[32]))]);
        Assert.Equal(EvidenceKeys.IdOf(Convert.FromBase64String(Good)), keys.CurrentId);
        Assert.Equal("630dcd29", keys.CurrentId);
        Assert.True(keys.Knows($"main.{EvidenceKeys.IdOf(new byte[32])}"));
        Assert.True(keys.Knows("main"));
        Assert.False(keys.Knows("w7-1.00000000"));
    }

    [Theory]
    [InlineData("Evidence:Key", "short")]
    [InlineData("Evidence:Key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==")]
    [InlineData("Evidence:PreviousKeys:0", "no base64")]
    public void What_is_no_key_is_refused_without_showing_it(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Keys([(key, value)]));
        Assert.Contains($"{key} is no key", error.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    private static EvidenceKeys Keys((string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        using var provider = new ServiceCollection().AddEvidenceKeys(configuration).BuildServiceProvider();
        return provider.GetRequiredService<EvidenceKeys>();
    }
}
