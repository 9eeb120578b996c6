using System.Net;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Tests.Pages;

/// <summary>The pages that messages link to.</summary>
public sealed class AlertPagesTests
{
    private const string HostileDesk = "<script>alert(1)</script> & \"co\"";
    private static readonly AlertLinks s_links = new(new Uri("https://risk.example/"), new byte[32], TimeSpan.FromDays(3));

    [Fact]
    public async Task A_report_shows_the_figures_and_runs_nothing_of_a_hostile_name()
    {
        await using var world = await StartAsync(HostileDesk);
        using var response = await world.Client.GetAsync(Page(world));
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("1600.0000 USD", html, StringComparison.Ordinal);
        Assert.Contains("600.0000 USD", html, StringComparison.Ordinal);
        Assert.Contains("text", html, StringComparison.Ordinal);
        Assert.Contains("risk.alert.opened", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var style = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];
        Assert.Contains(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))), policy, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Opening_the_link_acknowledges_nothing_and_the_button_acknowledges_once()
    {
        await using var world = await StartAsync("Rates");
        var ack = Ack(world);
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("<form method=\"post\"", await world.Client.GetStringAsync(ack), StringComparison.Ordinal);
        }

        using (var head = await world.SendAsync(HttpMethod.Head, ack))
        {
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        }

        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
        var page = await PostAsync(world, ack, ("name", "Ann <b>"), ("comment", "on it"), ("disposition", "reducing"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Ann &lt;b&gt;", page.Html, StringComparison.Ordinal);
        var acknowledged = AlertOf(world).Acknowledgement!;
        Assert.Equal(("link:slack", "Ann <b>", "on it", Disposition.Reducing), (acknowledged.By, acknowledged.OnBehalfOf, acknowledged.Comment, acknowledged.Disposition));
        Assert.Equal(AlertOf(world).Notice!.DeliveryId, acknowledged.DeliveryId);
        Assert.Contains("acknowledged before", (await PostAsync(world, ack, ("name", "Bob"))).Html, StringComparison.Ordinal);
        Assert.Equal("Ann <b>", AlertOf(world).Acknowledgement!.OnBehalfOf);
        await world.StopAsync();
        Assert.Contains(world.Registry.Audit, entry => entry is { User: "link:slack", Tool: "ack_alert", Outcome: "ok" });
    }

    [Fact]
    public async Task A_link_of_another_alert_an_altered_one_and_an_expired_one_open_nothing()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var world = await StartAsync("Rates", time);
        var ack = Ack(world);
        var other = ack.Replace(AlertOf(world).AlertId.ToString("D"), Guid.NewGuid().ToString("D"), StringComparison.Ordinal);
        foreach (var wrong in new[] { other, ack[..^8] + "teams", ack.Replace("t=1.", "t=1.9", StringComparison.Ordinal), ack[..ack.IndexOf('?', StringComparison.Ordinal)] })
        {
            using var response = await world.Client.GetAsync(wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(world, wrong)).Status);
        }

        time.Advance(TimeSpan.FromDays(4));
        Assert.Contains("expired", (await PostAsync(world, ack)).Html, StringComparison.Ordinal);
        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
    }

    [Fact]
    public async Task A_link_of_an_older_revision_does_not_acknowledge_the_newer_one()
    {
        await using var world = await StartAsync("Rates", netDelta: 1_100);
        var ack = Ack(world);
        world.Book.Put("Rates", "P1", 1_700);
        world.Book.Deliver(AlertOf(world).AlertId);

        Assert.Contains("escalated to revision", await world.Client.GetStringAsync(ack), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(world, ack)).Status);
        Assert.Equal(AlertStatus.Delivered, AlertOf(world).Status);
    }

    [Fact]
    public async Task Without_a_link_the_report_needs_credentials()
    {
        await using var world = await StartAsync("Rates");
        var path = $"/alerts/{AlertOf(world).AlertId:D}";
        using (var local = await world.Client.GetAsync(path))
        {
            Assert.Equal(HttpStatusCode.OK, local.StatusCode);
        }

        using var forwarded = await world.SendAsync(HttpMethod.Get, path, ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal(HttpStatusCode.Unauthorized, forwarded.StatusCode);
    }

    /// <summary>The first user may be added by a command, in a process of its own.</summary>
    [Fact]
    public async Task From_the_first_user_on_a_program_of_this_machine_needs_credentials_here_too()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var world = await StartAsync("Rates", time);
        var page = $"/alerts/{AlertOf(world).AlertId:D}";
        Assert.Equal(HttpStatusCode.OK, (await world.Client.GetAsync(page)).StatusCode);

        world.Registry.AddFromElsewhere(new RiskUser("ann", Role.Viewer, null, Clearance.Desk), ApiKey.New());
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client.GetAsync(page)).StatusCode);
    }

    private static async Task<Frontend> StartAsync(string desk, TimeProvider? time = null, decimal netDelta = 1_600)
    {
        var book = new Book { Now = (time ?? TimeProvider.System).GetUtcNow() };
        book.Limit("net", 1_000);
        book.Put(desk, "P1", netDelta);
        book.Deliver(book.AlertOf(desk));
        return await Frontend.StartAsync(book, new Registry(), time ?? TimeProvider.System, s_links);
    }

    private static Alert AlertOf(Frontend world) => world.Book.OnlyAlert;

    private static string Page(Frontend world) => s_links.PageOf(Message(world))!.PathAndQuery;

    private static string Ack(Frontend world) => s_links.AckOf(Message(world))!.PathAndQuery;

    private static OutgoingMessage Message(Frontend world)
    {
        var alert = AlertOf(world);
        return new OutgoingMessage("slack", alert.Notice!.DeliveryId, alert.AlertId, alert.Revision, alert.Notice.Kind, alert.Notice.Body, alert.Notice.CreatedAt);
    }

    private static async Task<(HttpStatusCode Status, string Html)> PostAsync(Frontend world, string link, params (string Name, string Value)[] fields)
    {
        var token = link.Contains('?', StringComparison.Ordinal) ? Uri.UnescapeDataString(link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..]) : "";
        using var content = new FormUrlEncodedContent([new("t", token), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]);
        using var response = await world.Client.PostAsync(link.Split('?')[0], content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
