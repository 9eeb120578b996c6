using System.Net;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Http;

/// <summary>Endpoints that are set at run time, and the delivery log.</summary>
public sealed class EndpointRoutesTests
{
    private const string Path = "/api/v1/endpoints/chat";

    [Fact]
    public async Task An_endpoint_is_set_changed_listed_and_removed_by_version()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var (status, created) = await frontend.PutAsync(Path, """{"kind":"slack","url":"https://hooks.example/secret","version":0,"reason":"new desk"}""");
        Assert.Equal((200, "created", 1), (status, (string?)created["outcome"], (int)created["endpoint"]!["version"]!));
        Assert.DoesNotContain("secret", created.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(409, (await frontend.PutAsync(Path, """{"kind":"slack","url":"https://hooks.example/x","version":0,"reason":"again"}""")).Status);
        Assert.Equal(200, (await frontend.PutAsync(Path, """{"required":false,"version":1,"reason":"only a chat"}""")).Status);

        var listed = Assert.Single((await frontend.OkAsync("/api/v1/endpoints"))["endpoints"]!.AsArray())!;
        Assert.Equal(("chat", 2, "only a chat", false), ((string?)listed["name"], (int)listed["version"]!, (string?)listed["reason"], (bool)listed["settings"]!["required"]!));

        Assert.Equal(HttpStatusCode.Conflict, (await frontend.SendAsync(HttpMethod.Delete, Path + "?version=1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await frontend.SendAsync(HttpMethod.Delete, Path + "?version=2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await frontend.SendAsync(HttpMethod.Delete, Path + "?version=2")).StatusCode);
        await frontend.StopAsync();
        Assert.Contains(frontend.Registry.Audit, entry => entry is { Tool: "set_endpoint", Outcome: "ok" });
        Assert.Contains(frontend.Registry.Audit, entry => entry is { Tool: "remove_endpoint", Outcome: "ok" });
    }

    [Fact]
    public async Task A_new_secret_is_shown_once_and_the_old_one_signs_until_it_is_dropped()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        await frontend.PutAsync("/api/v1/endpoints/ops", $$"""{"kind":"webhook","url":"https://risk.example","secret":"{{Secret}}","version":0,"reason":"new"}""");

        var (status, rotated) = await frontend.PostAsync("/api/v1/endpoints/ops/rotate", """{"version":1,"reason":"somebody left"}""");
        Assert.Equal((200, 2), (status, (int)rotated["endpoint"]!["version"]!));
        var secret = (string)rotated["secret"]!;
        Assert.StartsWith("whsec_", secret);
        Assert.NotEqual(Secret, secret);

        var listed = (await frontend.OkAsync("/api/v1/endpoints")).ToJsonString();
        Assert.DoesNotContain(secret, listed, StringComparison.Ordinal);
        Assert.Contains("previous_secret", listed, StringComparison.Ordinal);
        await frontend.PutAsync("/api/v1/endpoints/ops", """{"previous_secret":null,"version":2,"reason":"changed over"}""");
        Assert.DoesNotContain("previous_secret", (await frontend.OkAsync("/api/v1/endpoints")).ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(409, (await frontend.PostAsync("/api/v1/endpoints/ops/rotate", """{"version":1,"reason":"again"}""")).Status);
        Assert.Equal(400, (await frontend.PostAsync("/api/v1/endpoints/ops/rotate", """{"version":3}""")).Status);
        Assert.Equal(404, (await frontend.PostAsync("/api/v1/endpoints/nobody/rotate", """{"version":3,"reason":"x"}""")).Status);
        await frontend.PutAsync(Path, """{"kind":"slack","url":"https://hooks.example/x","version":0,"reason":"new desk"}""");
        Assert.Equal(400, (await frontend.PostAsync(Path + "/rotate", """{"version":1,"reason":"x"}""")).Status);
    }

    [Theory]
    [InlineData("""{"kind":"pigeon","version":0,"reason":"x"}""", "kind")]
    [InlineData("""{"kind":"slack","url":"https://hooks.example/x","reason":"x"}""", "version")]
    [InlineData("""{"kind":"slack","url":"https://hooks.example/x","version":0}""", "reason")]
    [InlineData("""{"kind":"slack","url":"https://hooks.example/x","version":0,"reason":"x","colour":"red"}""", "colour")]
    [InlineData("""[]""", "body")]
    public async Task What_is_wrong_is_named(string body, string field)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var (status, problem) = await frontend.PutAsync(Path, body);
        Assert.Equal(400, status);
        Assert.Contains(problem["details"]!.AsArray(), detail => (string?)detail!["field"] == field);
    }

    [Fact]
    public async Task Only_operators_of_all_desks_change_endpoints()
    {
        var registry = new Registry();
        var manager = registry.Add("manager", Role.RiskManager);
        var someDesks = registry.Add("operator of one", Role.Operator, Clearance.Trader, "FX");
        var all = registry.Add("operator of all", Role.Operator);
        await using var frontend = await Frontend.StartAsync(new Book(), registry);
        Assert.Equal(403, (await frontend.AsAsync(manager, "/api/v1/endpoints")).Status);
        Assert.Equal(200, (await frontend.AsAsync(all, "/api/v1/endpoints")).Status);
        using var refused = await frontend.SendAsync(HttpMethod.Delete, Path + "?version=1", ("Authorization", $"Bearer {someDesks}"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_delivery_log_says_what_receivers_answered_to_those_who_may_see_it()
    {
        var book = new Book();
        book.Limit("net", 1_000);
        book.Put("FX", "P1", 1_600);
        book.Put("Rates", "P2", 1_600);
        book.Exhaust(book.AlertOf("FX"), "503 busy");
        book.Deliver(book.AlertOf("Rates"));
        var registry = new Registry();
        var trader = registry.Add("trader", Role.Viewer);
        var desk = registry.Add("desk", Role.Viewer, Clearance.Desk, "FX");
        await using var frontend = await Frontend.StartAsync(book, registry);

        var all = (await frontend.AsAsync(trader, "/api/v1/deliveries")).Json;
        Assert.Equal(2, (int)all["total"]!);
        var dead = Assert.Single((await frontend.AsAsync(trader, "/api/v1/deliveries?state=dead_letter")).Json["deliveries"]!.AsArray())!;
        Assert.Equal(("webhook", 13, "503 busy"), ((string?)dead["endpoint"], (int)dead["attempts"]!, (string?)dead["last_error"]));
        var own = Assert.Single((await frontend.AsAsync(desk, "/api/v1/deliveries")).Json["deliveries"]!.AsArray())!;
        Assert.Equal(("FX", null), ((string?)own["desk"], (string?)own["last_error"]));
        Assert.Equal(400, (await frontend.AsAsync(trader, "/api/v1/deliveries?state=lost")).Status);
    }
}
