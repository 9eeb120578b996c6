using System.Security.Cryptography;
using System.Text;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Tests.Http;

public sealed class AlertRoutesTests
{
    [Fact]
    public async Task Alerts_are_listed_by_every_filter()
    {
        var book = Breached("Rates", "FX");
        book.Deliver(book.AlertOf("FX"));
        await using var frontend = await Frontend.StartAsync(book);
        var requestId = book.Alert(book.AlertOf("FX")).RequestId;

        foreach (var filter in new[]
        {
            "desk=FX", "status=delivered", $"request_id={requestId}", "severity=CRITICAL&desk=FX", "severity=critical&status=delivered",
            "breach_state=open&desk=FX&include_transient=true", "opened_from=2026-05-04T12:01:00Z", "opened_from=2026-05-04T14:01:00%2B02:00&opened_to=2026-05-04T13:00:00Z&limit=5",
        })
        {
            var answer = await frontend.OkAsync($"/api/v1/alerts?{filter}");
            Assert.Equal("FX", (string?)Assert.Single(answer["alerts"]!.AsArray())!["desk"]);
            Assert.Equal(1, (int)answer["total"]!);
            Assert.False((bool)answer["truncated"]!);
        }

        Assert.Empty((await frontend.OkAsync("/api/v1/alerts?breach_state=cured"))["alerts"]!.AsArray());
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat_until_the_last()
    {
        var desks = Enumerable.Range(0, 7).Select(i => $"D{i}").ToArray();
        await using var frontend = await Frontend.StartAsync(Breached(desks));

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await frontend.OkAsync($"/api/v1/alerts?page_size=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page["alerts"]!.AsArray().Select(alert => (string?)alert!["desk"]));
            Assert.Equal(7, (int)page["total"]!);
            Assert.Equal(page["alerts"]!.AsArray().Count, (int)page["returned"]!);
            cursor = (string?)page["next_cursor"];
            Assert.Equal(cursor is not null, (bool)page["truncated"]!);
        }
        while (cursor is not null);

        Assert.Equal(desks.Reverse(), seen);
    }

    [Fact]
    public async Task A_cursor_only_fits_the_question_that_it_came_from()
    {
        await using var frontend = await Frontend.StartAsync(Breached("A", "B", "C"));
        var cursor = (string?)(await frontend.OkAsync("/api/v1/alerts?page_size=1"))["next_cursor"];

        foreach (var wrong in new[] { $"cursor={cursor}&severity=INFO", $"cursor={cursor}A", "cursor=nonsense", "cursor=!!" })
        {
            var (status, problem) = await frontend.GetAsync($"/api/v1/alerts?{wrong}");
            Assert.Equal((400, "invalid_input", "cursor"), (status, (string?)problem["code"], (string?)problem["details"]![0]!["field"]));
        }

        // The size of a page does not change the question.
        Assert.Equal(2, (int)(await frontend.OkAsync($"/api/v1/alerts?page_size=9&cursor={cursor}"))["returned"]!);
    }

    [Theory]
    [InlineData("severity=BAD", "severity")]
    [InlineData("status=open", "status")]
    [InlineData("breach_state=closed", "breach_state")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("page_size=501", "page_size")]
    [InlineData("page_size=ten", "page_size")]
    [InlineData("page_size=10&limit=10", "limit")]
    [InlineData("include_transient=yes", "include_transient")]
    [InlineData("opened_from=2026-05-04", "opened_from")]
    [InlineData("opened_from=2026-05-04T12:00:00", "opened_from")]
    [InlineData("opened_from=2026-05-04T12:00:00Z&opened_to=2026-05-04T12:00:00Z", "opened_to")]
    [InlineData("state=open", "state")]
    public async Task A_filter_that_is_wrong_is_refused_by_its_name(string query, string field)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, problem) = await frontend.GetAsync($"/api/v1/alerts?{query}");

        Assert.Equal(400, status);
        Assert.Equal(field, (string?)problem["details"]![0]!["field"]);
    }

    [Fact]
    public async Task An_alert_of_a_desk_that_is_not_there_is_not_an_empty_list()
    {
        await using var frontend = await Frontend.StartAsync(Breached("Rates"));

        Assert.Equal(404, (await frontend.GetAsync("/api/v1/alerts?desk=Ratse")).Status);
    }

    [Fact]
    public async Task One_alert_comes_with_its_history_and_the_figure_now()
    {
        var book = Breached("Rates");
        var alertId = book.AlertOf("Rates");
        book.Deliver(alertId);
        book.Put("Rates", "P1", 1_700);
        await using var frontend = await Frontend.StartAsync(book);

        var answer = await frontend.OkAsync($"/api/v1/alerts/{alertId:D}");

        Assert.Equal("1600.0000", (string?)answer["alert"]!["metric_value"]);
        Assert.Equal("1700.0000", (string?)answer["alert"]!["current_value"]);
        Assert.Equal(["opened", "analysed", "delivered"], answer["history"]!.AsArray().Select(step => (string?)step!["kind"]));
    }

    [Theory]
    [InlineData("7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11", 404, "not_found")]
    [InlineData("seven", 400, "invalid_input")]
    public async Task An_alert_that_is_none_is_told_apart_from_an_id_that_is_none(string alertId, int status, string code)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var answer = await frontend.GetAsync($"/api/v1/alerts/{alertId}");

        Assert.Equal((status, code), (answer.Status, (string?)answer.Json["code"]));
    }

    [Fact]
    public async Task An_ack_consumes_the_alert_and_repeating_it_changes_nothing()
    {
        var book = Breached("Rates");
        var alertId = book.AlertOf("Rates");
        book.Deliver(alertId);
        var notice = book.Alert(alertId).Notice!;
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(notice.Body)));
        await using var frontend = await Frontend.StartAsync(book);
        var body = $$"""{"delivery_id":"{{notice.DeliveryId}}","acked_by":"Ms Müller","comment":"selling","disposition":"reducing","payload_sha256":"{{sha}}"}""";

        var first = await frontend.AckAsync(alertId, body);
        var second = await frontend.AckAsync(alertId, body);

        Assert.Equal((200, "accepted", "consumed"), (first.Status, (string?)first.Json["outcome"], (string?)first.Json["status"]));
        Assert.Equal((200, "repeated"), (second.Status, (string?)second.Json["outcome"]));
        Assert.Equal((string?)first.Json["consumed_at"], (string?)second.Json["consumed_at"]);
        var ack = book.Alert(alertId).Acknowledgement!;
        Assert.Equal(("local-admin", "Ms Müller", "selling", Disposition.Reducing), (ack.By, ack.OnBehalfOf, ack.Comment, ack.Disposition!.Value));
    }

    [Fact]
    public async Task A_dead_letter_is_sent_again_as_a_new_delivery_and_nothing_else_is()
    {
        var book = Breached("Rates");
        var alertId = book.AlertOf("Rates");
        book.Exhaust(alertId);
        var lost = book.Alert(alertId).Notice!.DeliveryId;
        await using var frontend = await Frontend.StartAsync(book);

        using var first = await frontend.Client.PostAsync($"/api/v1/alerts/{alertId:D}/replay", null);
        using var second = await frontend.Client.PostAsync($"/api/v1/alerts/{alertId:D}/replay", null);

        Assert.Equal((200, 409), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(AlertStatus.PendingDelivery, book.Alert(alertId).Status);
        Assert.NotEqual(lost, book.Alert(alertId).Notice!.DeliveryId);
    }

    [Fact]
    public async Task An_ack_needs_no_body()
    {
        var book = Breached("Rates");
        book.Deliver(book.AlertOf("Rates"));
        await using var frontend = await Frontend.StartAsync(book);

        Assert.Equal(200, (await frontend.AckAsync(book.AlertOf("Rates"), body: null)).Status);
        Assert.Equal(AlertStatus.Consumed, book.Alert(book.AlertOf("Rates")).Status);
    }

    [Fact]
    public async Task An_ack_of_an_older_revision_is_a_conflict_that_names_the_current_delivery()
    {
        var book = Breached("Rates");
        var alertId = book.AlertOf("Rates");
        book.Limits.Clear();
        book.Limit("net", 1_500);
        book.Put("FX", "P9", 1_600);
        book.Deliver(book.AlertOf("FX"));
        var older = book.Alert(book.AlertOf("FX")).Notice!.DeliveryId;
        book.Put("FX", "P9", 9_000);
        book.Deliver(book.AlertOf("FX"));
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.AckAsync(book.AlertOf("FX"), $$"""{"delivery_id":"{{older}}"}""");

        Assert.Equal((409, "conflict"), (status, (string?)problem["code"]));
        Assert.Equal(book.Alert(book.AlertOf("FX")).Notice!.DeliveryId, (string?)problem["details"]![0]!["allowed"]![0]);
        Assert.NotEqual(AlertStatus.Consumed, book.Alert(book.AlertOf("FX")).Status);
        Assert.Null(book.Alert(alertId).Acknowledgement);
    }

    [Theory]
    [InlineData("""{"dispositon":"seen"}""", "dispositon")]
    [InlineData("""{"disposition":"fixed"}""", "disposition")]
    [InlineData("""{"comment":7}""", "comment")]
    [InlineData("""{"comment":"a","comment":"b"}""", "comment")]
    [InlineData("""{"payload_sha256":"abc"}""", "payload_sha256")]
    [InlineData("""{"delivery_id":"dlv_of_another"}""", "delivery_id")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    [InlineData("""{"comment":"\ud800"}""", "comment")]
    public async Task An_ack_that_is_not_understood_does_not_count(string body, string field)
    {
        var book = Breached("Rates");
        book.Deliver(book.AlertOf("Rates"));
        await using var frontend = await Frontend.StartAsync(book);

        var (status, problem) = await frontend.AckAsync(book.AlertOf("Rates"), body);

        Assert.Equal((400, "invalid_input"), (status, (string?)problem["code"]));
        Assert.Equal(field, (string?)problem["details"]![0]!["field"]);
        Assert.Equal(AlertStatus.Delivered, book.Alert(book.AlertOf("Rates")).Status);
    }

    [Fact]
    public async Task An_ack_as_plain_text_or_of_a_huge_body_does_not_count()
    {
        var book = Breached("Rates");
        book.Deliver(book.AlertOf("Rates"));
        await using var frontend = await Frontend.StartAsync(book);

        var asText = await frontend.AckAsync(book.AlertOf("Rates"), "{}", "text/plain");
        var huge = await frontend.AckAsync(book.AlertOf("Rates"), $$"""{"comment":"{{new string('x', 70_000)}}"}""");

        Assert.Equal((415, "invalid_input"), (asText.Status, (string?)asText.Json["code"]));
        Assert.Equal((413, "invalid_input"), (huge.Status, (string?)huge.Json["code"]));
        Assert.Equal(AlertStatus.Delivered, book.Alert(book.AlertOf("Rates")).Status);
    }

    /// <summary>Desks that breached one minute after another, each at 1,600 against 1,000.</summary>
    private static Book Breached(params string[] desks)
    {
        var book = new Book();
        book.Limit("net", 1_000);
        foreach (var desk in desks)
        {
            book.Put(desk, "P1", 1_600);
            book.Now += TimeSpan.FromMinutes(1);
        }

        return book;
    }
}
