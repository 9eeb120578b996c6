using System.Text.Json.Nodes;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.Storage.Tests.Topics;

/// <summary>What alerts and desks store for the topic, and how its publisher takes it.</summary>
public abstract class TopicOutboxTests(TestServer server)
{
    private const string Desk = "Rates/EMEA \u00e4\u6f22 ";

    private static readonly AlertEvent Opened = new(Samples.Noon, "opened", 1, "1700 against 1000");
    private static readonly AlertEvent Analysed = new(Samples.Noon.AddSeconds(1), "analysed", 1, "rules");

    [Fact]
    public async Task Each_event_of_an_alert_is_stored_as_a_message_with_the_alert_as_it_was_then()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var first = await store.SaveAsync(Samples.Alert(Desk), [Opened, Analysed], default);
        await store.SaveAsync(first with { Status = AlertStatus.Delivered }, [new AlertEvent(Samples.Noon.AddSeconds(2), "delivered", 1, "200")], default);
        await store.SaveAsync(first with { Version = 2, Status = AlertStatus.Delivered }, [], default);

        var messages = await NextAsync(database);
        Assert.Equal(["risk.alert.opened", "risk.alert.analysed", "risk.alert.delivered"], messages.Select(message => message.Type));
        Assert.Equal([(1L, 0), (1L, 1), (2L, 0)], messages.Select(message => (message.Place.Sequence, message.Place.Part)));
        Assert.All(messages, message => Assert.Equal(first.AlertId.ToString("D"), message.Place.Key));
        Assert.Equal(messages.Count, messages.Select(message => message.Id).Distinct().Count());
        Assert.Equal($"00-{first.TraceId}-{first.TraceId[..16]}-01", messages[0].TraceParent);

        var (opened, delivered) = (JsonNode.Parse(messages[0].Body)!, JsonNode.Parse(messages[2].Body)!);
        Assert.Equal(("risk.alert.opened", "1", "desk"), ((string?)opened["type"], (string?)opened["schema_version"], (string?)opened["clearance"]));
        Assert.Equal(("pending_analysis", "delivered"), ((string?)opened["data"]!["status"], (string?)delivered["data"]!["status"]));
        Assert.Equal(Desk, (string?)opened["data"]!["desk"]);
        Assert.Null(opened["data"]!["analysis_json"]);
        Assert.False(opened["data"]!["cause"]!.AsObject().ContainsKey("position_id"));
        Assert.Contains("analysis_json", opened["withheld"]!.AsArray().Select(name => (string?)name));
    }

    [Fact]
    public async Task A_write_that_loses_stores_no_message()
    {
        await using var database = await server.CreateAsync();
        var store = database.Get<IAlertStore>();
        var alert = Samples.Alert(Desk);
        await store.SaveAsync(alert, [Opened], default);

        await Assert.ThrowsAsync<StaleAlertException>(() => store.SaveAsync(alert, [Analysed], default));

        Assert.Equal(["risk.alert.opened"], (await NextAsync(database)).Select(message => message.Type));
    }

    [Fact]
    public async Task A_desk_that_enters_the_warning_band_stores_a_message_with_its_record()
    {
        await using var database = await server.CreateAsync();
        var risk = new DeskRisk(Desk);
        await database.Journal.AppendAsync(Samples.FirstRecord(risk), default);
        await database.Journal.AppendAsync(Samples.Trade(risk, 100m), default);
        await database.Journal.AppendAsync(Samples.Trade(risk, 900m), default);

        var message = Assert.Single(await NextAsync(database));
        Assert.Equal((TopicSubject.Desk, Desk, 3L, "risk.utilisation"), (message.Place.Kind, message.Place.Key, message.Place.Sequence, message.Type));
        var data = JsonNode.Parse(message.Body)!["data"]!;
        Assert.Equal(("ok", "warning", "900.0000", "1000.0000"), ((string?)data["previous_state"], (string?)data["utilisation_state"], (string?)data["metric_value"], (string?)data["threshold_value"]));
        Assert.Equal(0.9m, (decimal)data["utilisation"]!);
    }

    [Fact]
    public async Task A_desk_that_lost_its_journal_to_another_activation_stores_no_message()
    {
        await using var database = await server.CreateAsync();
        await using var other = await database.OpenAgainAsync();
        await database.Journal.LoadAsync(Desk, default);
        await other.Journal.LoadAsync(Desk, default);
        var (risk, rival) = (new DeskRisk(Desk), new DeskRisk(Desk));
        await database.Journal.AppendAsync(Samples.FirstRecord(risk), default);
        Samples.FirstRecord(rival);

        await Assert.ThrowsAsync<JournalConflictException>(() => other.Journal.AppendAsync(Samples.Trade(rival, 900m), default));

        Assert.Empty(await NextAsync(database));
    }

    [Fact]
    public async Task What_is_published_goes_and_what_an_alert_stored_meanwhile_stays()
    {
        await using var database = await server.CreateAsync();
        var (store, outbox) = (database.Get<IAlertStore>(), database.Get<ITopicOutbox>());
        var (one, two) = (await store.SaveAsync(Samples.Alert(Desk), [Opened], default), await store.SaveAsync(Samples.Alert(Desk), [Opened], default));
        var taken = await outbox.NextAsync(10, default);
        await store.SaveAsync(one, [Analysed], default);

        await outbox.RemoveAsync(taken, default);
        await outbox.RemoveAsync(taken, default);

        var left = Assert.Single(await NextAsync(database));
        Assert.Equal((one.AlertId.ToString("D"), "risk.alert.analysed"), (left.Place.Key, left.Type));
        Assert.Equal((1L, (DateTimeOffset?)Analysed.At), await outbox.WaitingAsync(default));
        Assert.NotEqual(one.AlertId, two.AlertId);
    }

    [Fact]
    public async Task Messages_come_in_parts_that_keep_the_order_of_each_alert()
    {
        await using var database = await server.CreateAsync();
        var (store, outbox) = (database.Get<IAlertStore>(), database.Get<ITopicOutbox>());
        var alerts = new[] { Samples.Alert(Desk), Samples.Alert("FX"), Samples.Alert("Credit") };
        for (var round = 0; round < 12; round++)
        {
            for (var i = 0; i < alerts.Length; i++)
            {
                // A clock that goes back, as that of another silo may, changes no order.
                alerts[i] = await store.SaveAsync(alerts[i], [Opened with { At = Samples.Noon.AddSeconds(-round) }, Analysed], default);
            }
        }

        var seen = new List<TopicMessage>();
        while (await outbox.NextAsync(5, default) is { Count: > 0 } part)
        {
            seen.AddRange(part);
            await outbox.RemoveAsync(part, default);
        }

        Assert.Equal(72, seen.Count);
        Assert.All(seen.GroupBy(message => message.Place.Key), subject => Assert.Equal(
            Enumerable.Range(0, 24).Select(n => ((long)(n / 2) + 1, n % 2)), subject.Select(message => (message.Place.Sequence, message.Place.Part))));
    }

    [Fact]
    public async Task Desks_late_in_the_alphabet_do_not_wait_for_those_that_go_on_adding_messages()
    {
        await using var database = await server.CreateAsync();
        var outbox = database.Get<ITopicOutbox>();
        var (early, late) = (new DeskRisk("A"), new DeskRisk("Z"));
        var minute = 0;
        await CrossAsync(late);
        await CrossAsync(early);
        await CrossAsync(early);

        Assert.Equal("Z", Assert.Single(await outbox.NextAsync(1, default)).Place.Key);
        Assert.Equal(["A", "Z", "Z"], (await outbox.NextAsync(3, default)).Select(message => message.Place.Key));

        // Into the warning band, and back.
        async Task CrossAsync(DeskRisk desk)
        {
            minute++;
            if (desk.Sequence == 0)
            {
                await database.Journal.AppendAsync(Samples.FirstRecord(desk), default);
            }

            var at = Samples.Noon.AddMinutes(minute);
            await database.Journal.AppendAsync(Samples.Trade(desk, 900m, at), default);
            await database.Journal.AppendAsync(Samples.Trade(desk, 100m, at.AddSeconds(1)), default);
        }
    }

    [Fact]
    public async Task Old_messages_are_given_up()
    {
        await using var database = await server.CreateAsync();
        var (store, outbox) = (database.Get<IAlertStore>(), database.Get<ITopicOutbox>());
        await store.SaveAsync(Samples.Alert(Desk), [Opened, Analysed], default);

        Assert.Equal(1, await outbox.ExpireAsync(Analysed.At, default));

        Assert.Equal(["risk.alert.analysed"], (await NextAsync(database)).Select(message => message.Type));
    }

    private static Task<IReadOnlyList<TopicMessage>> NextAsync(TestDatabase database) => database.Get<ITopicOutbox>().NextAsync(1_000, default);

    public sealed class OnSqlite() : TopicOutboxTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : TopicOutboxTests(TestServer.MariaDb);
}
