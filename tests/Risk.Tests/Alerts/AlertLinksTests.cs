using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Risk.Tests.Alerts;

public class AlertLinksTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly OutgoingMessage Message = new("desk.ops-1", "dlv_1", new Guid("7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11"), 2, NotificationKind.Opened, "{}", Noon);
    private readonly AlertLinks _links = new(new Uri("https://risk.example/monitor"), Enumerable.Range(1, 32).Select(i => (byte)i).ToArray(), TimeSpan.FromDays(3));

    [Fact]
    public void A_link_says_alert_revision_delivery_and_endpoint_until_it_expires()
    {
        var token = _links.TokenOf(Message);
        Assert.Equal(new AlertLink(Message.AlertId, 2, "dlv_1", "desk.ops-1"), _links.Read(Message.AlertId, token, Noon.AddDays(3), out var problem));
        Assert.Null(problem);
        Assert.Equal(token, _links.TokenOf(Message));
        Assert.Null(_links.Read(Message.AlertId, token, Noon.AddDays(3).AddSeconds(1), out problem));
        Assert.Contains("expired", problem);
        Assert.Equal($"https://risk.example/monitor/alerts/{Message.AlertId:D}/ack?t={token}", _links.AckOf(Message)!.AbsoluteUri);
    }

    [Fact]
    public void Nothing_of_a_link_can_be_changed()
    {
        var parts = _links.TokenOf(Message)!.Split('.', 6);
        for (var i = 0; i < parts.Length; i++)
        {
            foreach (var other in new[] { "", "9", parts[i] + "0", parts[i] + "." })
            {
                string[] changed = [.. parts];
                changed[i] = other;
                Assert.Null(_links.Read(Message.AlertId, string.Join('.', changed), Noon, out var problem));
                Assert.NotNull(problem);
            }
        }

        Assert.Null(_links.Read(Guid.NewGuid(), _links.TokenOf(Message), Noon, out _));
        Assert.Null(_links.Read(Message.AlertId, null, Noon, out _));
        Assert.Null(new AlertLinks(null, new byte[32], TimeSpan.FromDays(3)).Read(Message.AlertId, _links.TokenOf(Message), Noon, out _));
    }

    [Fact]
    public void Without_a_key_there_is_nothing_to_acknowledge_by_and_no_token_is_valid()
    {
        var plain = new AlertLinks(new Uri("https://risk.example"), null, TimeSpan.FromDays(3));
        Assert.Null(plain.AckOf(Message));
        Assert.Equal($"https://risk.example/alerts/{Message.AlertId:D}", plain.PageOf(Message)!.AbsoluteUri);
        Assert.Null(plain.Read(Message.AlertId, _links.TokenOf(Message), Noon, out _));
        Assert.Null(_links.AckOf(Message with { Kind = NotificationKind.Cured }));
        Assert.Null(AlertLinks.None.PageOf(Message));
    }
}
