using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>How the server is made inside is for those who run it; and who is known at all.</summary>
public sealed class InsideTests
{
    private const string Reason = "\"/var/lib/secret place/positions.db\" was made anew: nobody has read it";

    [Theory]
    [InlineData(Role.Viewer, false)]
    [InlineData(Role.RiskManager, false)]
    [InlineData(Role.Operator, true)]
    [InlineData(Role.Admin, true)]
    public async Task A_path_of_the_server_is_told_to_operators_only(Role role, bool isTold)
    {
        await using var frontend = await Frontend.StartAsync(Doubtful());
        var key = frontend.Registry.Add("ann", role);

        foreach (var path in new[] { "/api/v1/desks", "/api/v1/desks/Rates/exposure", "/api/v1/alerts", "/api/v1/limits", "/ready" })
        {
            var (_, answer) = await frontend.AsAsync(key, path);

            Assert.Equal(isTold ? Reason : "\"positions.db\" was made anew: nobody has read it", (string?)answer["feed"]!["reasons"]![0]);
            Assert.Equal(isTold, answer.ToJsonString().Contains("secret place", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Without_credentials_readiness_tells_the_state_of_the_feed_and_nothing_more()
    {
        await using var frontend = await Frontend.StartAsync(Doubtful());
        Assert.Equal(Reason, (string?)(await frontend.OkAsync("/ready"))["feed"]!["reasons"]![0]);
        frontend.Registry.Add("ann");
        await frontend.GetAsync("/api/v1/desks");

        var ready = await frontend.OkAsync("/ready");
        var (status, guessed) = await frontend.AsAsync("rmk_0123456789abcdef_nobody", "/ready");

        Assert.Equal("""{"state":"unproven"}""", ready["feed"]!.ToJsonString());
        Assert.Equal((200, """{"state":"unproven"}"""), (status, guessed["feed"]!.ToJsonString()));
    }

    [Fact]
    public async Task Where_users_are_required_nobody_is_local_admin_even_before_there_is_a_user()
    {
        await using var frontend = await Frontend.StartAsync(Doubtful(), ("Access:RequireUsers", "true"));

        Assert.Equal(401, (await frontend.GetAsync("/api/v1/desks")).Status);
        Assert.Equal("required", (string?)(await frontend.OkAsync("/health"))["authentication"]);
        Assert.Equal("""{"state":"unproven"}""", (await frontend.OkAsync("/ready"))["feed"]!.ToJsonString());
        Assert.Equal(200, (await frontend.AsAsync(frontend.Registry.Add("ann"), "/api/v1/desks")).Status);
    }

    [Theory]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Host", "risk.example")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("CF-Connecting-IP", "203.0.113.7")]
    public async Task What_came_through_a_proxy_is_not_of_this_machine(string header, string value)
    {
        await using var frontend = await Frontend.StartAsync(Doubtful());

        using var desks = await frontend.SendAsync(HttpMethod.Get, "/api/v1/desks", (header, value));
        using var ready = await frontend.SendAsync(HttpMethod.Get, "/ready", (header, value));

        Assert.Equal(401, (int)desks.StatusCode);
        Assert.Equal("""{"state":"unproven"}""", JsonNode.Parse(await ready.Content.ReadAsStringAsync())!["feed"]!.ToJsonString());
    }

    private static Book Doubtful()
    {
        var book = new Book { FeedStatus = new FeedStatus(FeedState.Unproven, null, null, [Reason]) };
        book.Limit("house", 1_000);
        book.Put("Rates", "P1", 2_000);
        return book;
    }
}
