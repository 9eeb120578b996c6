using System.Net;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Tests.Pages;

/// <summary>The page that the link of a list opens.</summary>
public sealed class AlertGroupPagesTests
{
    private static readonly AlertLinks s_links = new(new Uri("https://risk.example/"), new byte[32], TimeSpan.FromDays(3));

    [Fact]
    public async Task Opening_the_list_changes_nothing_and_its_button_acknowledges_what_it_listed()
    {
        await using var world = await StartAsync();
        var group = await ListAsync(world, "Rates", "FX <script>");
        for (var i = 0; i < 3; i++)
        {
            var html = await world.Client.GetStringAsync(Link(group));
            Assert.Contains("Acknowledge 2", html, StringComparison.Ordinal);
            Assert.Contains("1600.0000 USD", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.All(Alerts(world), alert => Assert.Equal(AlertStatus.Delivered, alert.Status));
        var (status, answer) = await PostAsync(world, Link(group), ("name", "Ann"), ("comment", "all of them"), ("disposition", "reducing"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("2 of 2 acknowledged", answer, StringComparison.Ordinal);
        Assert.Equal(AlertStatus.Delivered, AlertOf(world, "Credit").Status);
        foreach (var desk in new[] { "Rates", "FX <script>" })
        {
            var alert = AlertOf(world, desk);
            var ack = alert.Acknowledgement!;
            Assert.Equal(
                ("link:slack", "Ann", "all of them", Disposition.Reducing, alert.Notice!.DeliveryId, 1),
                (ack.By, ack.OnBehalfOf, ack.Comment, ack.Disposition!.Value, ack.DeliveryId, ack.Revision));
        }

        Assert.Contains("Acknowledged before", (await PostAsync(world, Link(group), ("name", "Bob"))).Html, StringComparison.Ordinal);
        Assert.Equal("Ann", AlertOf(world, "Rates").Acknowledgement!.OnBehalfOf);
        Assert.Contains("Nothing of this list is left", await world.Client.GetStringAsync(Link(group)), StringComparison.Ordinal);
        await world.StopAsync();
        Assert.Contains(world.Registry.Audit, entry => entry is { User: "link:slack", Tool: "ack_alert", Outcome: "ok" });
    }

    [Fact]
    public async Task An_alert_that_escalated_since_stays_as_it_is_and_the_others_are_acknowledged()
    {
        await using var world = await StartAsync(netDelta: 1_100);
        var group = await ListAsync(world, "Rates", "Credit");
        world.Book.Put("Rates", "P1", 1_700);
        world.Book.Deliver(AlertOf(world, "Rates").AlertId);

        var html = await world.Client.GetStringAsync(Link(group));
        Assert.Contains("escalated to revision 2", html, StringComparison.Ordinal);
        Assert.Contains("Acknowledge 1", html, StringComparison.Ordinal);
        var (_, answer) = await PostAsync(world, Link(group), ("name", "Ann"));
        Assert.Contains("1 of 2 acknowledged", answer, StringComparison.Ordinal);
        Assert.Equal((AlertStatus.Delivered, AlertStatus.Consumed), (AlertOf(world, "Rates").Status, AlertOf(world, "Credit").Status));
    }

    [Fact]
    public async Task A_link_of_another_list_an_altered_one_and_an_expired_one_open_nothing()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var world = await StartAsync(time: time);
        var (group, other) = (await ListAsync(world, "Rates"), await ListAsync(world, "Credit"));
        var link = Link(group);
        foreach (var wrong in new[] { link.Replace(group.GroupId, other.GroupId, StringComparison.Ordinal), link + "x", link.Replace("t=g1.", "t=g1.9", StringComparison.Ordinal), link.Split('?')[0] })
        {
            using var response = await world.Client.GetAsync(wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(world, wrong)).Status);
        }

        time.Advance(TimeSpan.FromDays(4));
        Assert.Contains("expired", (await PostAsync(world, link)).Html, StringComparison.Ordinal);
        Assert.All(Alerts(world), alert => Assert.Equal(AlertStatus.Delivered, alert.Status));
    }

    private static async Task<Frontend> StartAsync(decimal netDelta = 1_600, TimeProvider? time = null)
    {
        var book = new Book { Now = (time ?? TimeProvider.System).GetUtcNow() };
        book.Limit("net", 1_000);
        foreach (var (i, desk) in new[] { "Rates", "Credit", "FX <script>" }.Index())
        {
            book.Put(desk, $"P{i + 1}", netDelta);
            book.Deliver(book.AlertOf(desk));
        }

        return await Frontend.StartAsync(book, new Registry(), time ?? TimeProvider.System, s_links);
    }

    private static async Task<AlertGroup> ListAsync(Frontend world, params string[] desks)
    {
        var now = world.Book.Now;
        var listed = desks.Select(desk => AlertOf(world, desk)).Select(alert => new GroupedAlert(alert.AlertId, alert.Revision, alert.Notice!.DeliveryId, alert.Desk, true));
        var group = new AlertGroup($"grp_{Guid.NewGuid():N}", "slack", now, s_links.EndOf(now), [.. listed]);
        await world.Book.SaveAsync(group, default);
        return group;
    }

    private static string Link(AlertGroup group) => s_links.PageOf(group)!.PathAndQuery;

    private static Alert AlertOf(Frontend world, string desk) => Alerts(world).Single(alert => alert.Desk == desk);

    private static IReadOnlyList<Alert> Alerts(Frontend world) => world.Book.AllAlerts;

    private static async Task<(HttpStatusCode Status, string Html)> PostAsync(Frontend world, string link, params (string Name, string Value)[] fields)
    {
        var token = link.Contains('?', StringComparison.Ordinal) ? Uri.UnescapeDataString(link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..]) : "";
        using var content = new FormUrlEncodedContent([new("t", token), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]);
        using var response = await world.Client.PostAsync(link.Split('?')[0], content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
