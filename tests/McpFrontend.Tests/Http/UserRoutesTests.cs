using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Http;

/// <summary>Administrators add, change and revoke users of the table.</summary>
public sealed class UserRoutesTests
{
    private const string Path = "/api/v1/users";

    [Fact]
    public async Task A_user_is_added_changed_and_revoked_and_each_key_is_shown_once()
    {
        var registry = new Registry();
        var admin = registry.Add("ann", Role.Admin);
        await using var frontend = await Frontend.StartAsync(new Book(), registry);

        var (status, added) = await SendAsync(frontend, admin, HttpMethod.Post, Path, """{"name":"jane","role":"viewer","desks":["Rates"],"clearance":"desk"}""");
        Assert.Equal((200, "added", "jane"), (status, (string?)added["outcome"], (string?)added["user"]!["name"]));
        var first = (string)added["api_key"]!;
        Assert.Equal(200, (await frontend.AsAsync(first, "/api/v1/desks")).Status);

        var (_, changed) = await SendAsync(frontend, admin, HttpMethod.Post, $"{Path}/jane/key", $$"""{"key_id":"{{KeyId(first)}}","role":"operator"}""");
        var second = (string)changed["api_key"]!;
        Assert.Equal(("changed", "operator", "desk", "Rates"), (
            (string?)changed["outcome"], (string?)changed["user"]!["role"], (string?)changed["user"]!["clearance"], (string?)Assert.Single(changed["user"]!["desks"]!.AsArray())));
        Assert.Equal((401, 200), ((await frontend.AsAsync(first, "/api/v1/desks")).Status, (await frontend.AsAsync(second, "/api/v1/desks")).Status));

        // The first key is not the one in force.
        Assert.Equal(409, (await SendAsync(frontend, admin, HttpMethod.Post, $"{Path}/jane/key", $$"""{"key_id":"{{KeyId(first)}}"}""")).Status);
        Assert.Equal(409, (await SendAsync(frontend, admin, HttpMethod.Delete, $"{Path}/jane?key_id={KeyId(first)}")).Status);
        var (_, revoked) = await SendAsync(frontend, admin, HttpMethod.Delete, $"{Path}/jane?key_id={KeyId(second)}");
        Assert.Equal(("jane", KeyId(second)), ((string?)revoked["name"], (string?)revoked["key_id"]));
        Assert.Equal((401, 404), ((await frontend.AsAsync(second, "/api/v1/desks")).Status, (await SendAsync(frontend, admin, HttpMethod.Delete, $"{Path}/jane?key_id={KeyId(second)}")).Status));

        var (_, listed) = await frontend.AsAsync(admin, Path);
        Assert.Equal(["ann", "jane", "jane"], listed["users"]!.AsArray().Select(user => (string?)user!["name"]).Order());
        Assert.All([first, second], key => Assert.DoesNotContain(key[^20..], listed.ToJsonString(), StringComparison.Ordinal));
        await frontend.StopAsync();
        Assert.All(["add_user", "change_user", "revoke_user"], tool => Assert.Contains(registry.Audit, entry => entry.Tool == tool && entry is { User: "ann", Outcome: "ok" }));
    }

    [Theory]
    [InlineData("""{"role":"viewer","all_desks":true,"clearance":"desk"}""", 400, "name")]
    [InlineData("""{"name":"jane","role":"king","all_desks":true,"clearance":"desk"}""", 400, "role")]
    [InlineData("""{"name":"jane","all_desks":true,"clearance":"desk"}""", 400, "role")]
    [InlineData("""{"name":"jane","role":"viewer","all_desks":true}""", 400, "clearance")]
    [InlineData("""{"name":"jane","role":"viewer","clearance":"desk"}""", 400, "desks")]
    [InlineData("""{"name":"jane","role":"viewer","all_desks":false,"clearance":"desk"}""", 400, "desks")]
    [InlineData("""{"name":"jane","role":"viewer","desks":["Rates"],"all_desks":true,"clearance":"desk"}""", 400, "desks")]
    [InlineData("""{"name":"token:jane","role":"viewer","all_desks":true,"clearance":"desk"}""", 400, "name")]
    [InlineData("""{"name":"Ann","role":"viewer","all_desks":true,"clearance":"desk"}""", 409, "name")]
    [InlineData("""{"name":"ops","role":"viewer","all_desks":true,"clearance":"desk"}""", 409, "name")]
    public async Task What_is_not_right_is_refused_by_its_field(string body, int status, string field)
    {
        var registry = new Registry();
        var admin = registry.Add("ann", Role.Admin);
        await using var frontend = await Frontend.StartAsync(
            new Book(), registry, ("Access:Users:0:Name", "Ops"), ("Access:Users:0:Role", "operator"), ("Access:Users:0:Desks:0", "*"), ("Access:Users:0:Clearance", "desk"),
            ("Access:Users:0:KeyHash", KeyHash.Of(ApiKey.New()).ToString()));

        var (answered, problem) = await SendAsync(frontend, admin, HttpMethod.Post, Path, body);

        Assert.Equal((status, field), (answered, (string?)problem["details"]!.AsArray()[0]!["field"]));
    }

    [Fact]
    public async Task Only_administrators_of_all_desks_give_keys_and_none_above_their_own_clearance()
    {
        var registry = new Registry();
        var (chief, some, op) = (registry.Add("chief", Role.Admin, Clearance.Desk), registry.Add("some", Role.Admin, Clearance.Trader, "Rates"), registry.Add("op", Role.Operator));
        var trader = registry.Add("tim", Role.Viewer, Clearance.Trader);
        await using var frontend = await Frontend.StartAsync(new Book(), registry);
        const string Jane = """{"name":"jane","role":"viewer","all_desks":true,"clearance":"desk"}""";

        Assert.All(await Task.WhenAll(new[] { some, op }.Select(key => SendAsync(frontend, key, HttpMethod.Post, Path, Jane))), refused => Assert.Equal(403, refused.Status));
        Assert.All(await Task.WhenAll(new[] { some, op }.Select(key => SendAsync(frontend, key, HttpMethod.Delete, $"{Path}/tim?key_id={KeyId(trader)}"))), refused => Assert.Equal(403, refused.Status));
        Assert.Equal(403, (await SendAsync(frontend, chief, HttpMethod.Post, Path, Jane.Replace("\"desk\"", "\"trader\"", StringComparison.Ordinal))).Status);
        // A new key would show to its maker what the clearance of its user shows.
        Assert.Equal(403, (await SendAsync(frontend, chief, HttpMethod.Post, $"{Path}/tim/key", $$"""{"key_id":"{{KeyId(trader)}}"}""")).Status);
        Assert.Equal(200, (await SendAsync(frontend, chief, HttpMethod.Post, $"{Path}/tim/key", $$"""{"key_id":"{{KeyId(trader)}}","clearance":"desk"}""")).Status);
    }

    [Fact]
    public async Task An_administrator_replaces_the_own_key_and_neither_ends_it_nor_changes_the_own_rights()
    {
        var registry = new Registry();
        var admin = registry.Add("ann", Role.Admin);
        await using var frontend = await Frontend.StartAsync(new Book(), registry);

        Assert.Equal(403, (await SendAsync(frontend, admin, HttpMethod.Delete, $"{Path}/ann?key_id={KeyId(admin)}")).Status);
        Assert.Equal(403, (await SendAsync(frontend, admin, HttpMethod.Post, $"{Path}/ann/key", $$"""{"key_id":"{{KeyId(admin)}}","role":"viewer"}""")).Status);
        var (status, changed) = await SendAsync(frontend, admin, HttpMethod.Post, $"{Path}/ann/key", $$"""{"key_id":"{{KeyId(admin)}}"}""");

        Assert.Equal(200, status);
        Assert.Equal(200, (await frontend.AsAsync((string)changed["api_key"]!, Path)).Status);
    }

    [Fact]
    public async Task The_first_user_is_an_administrator_of_all_desks()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        Assert.Equal(400, (await frontend.PostAsync(Path, """{"name":"ann","role":"viewer","all_desks":true,"clearance":"desk"}""")).Status);
        Assert.Equal(400, (await frontend.PostAsync(Path, """{"name":"ann","role":"admin","desks":["Rates"],"clearance":"desk"}""")).Status);
        var (status, added) = await frontend.PostAsync(Path, """{"name":"ann","role":"admin","all_desks":true,"clearance":"desk"}""");

        Assert.Equal(200, status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await frontend.Client.GetAsync(Path)).StatusCode);
        Assert.Equal(200, (await frontend.AsAsync((string)added["api_key"]!, Path)).Status);
    }

    private static string KeyId(string key) => ApiKey.Parse(key)!.Id;

    private static async Task<(int Status, JsonNode Json)> SendAsync(Frontend frontend, string key, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Authorization", $"Bearer {key}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await frontend.Client.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
