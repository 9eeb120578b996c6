using System.Net;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class SiteTests
{
    private static readonly (string, string)[] Settings =
    [
        ("Access:AllowedHosts", "risk.example, [2001:db8::1]"),
        ("Access:AllowedOrigins", "https://console.example"),
    ];

    [Theory]
    [InlineData("/api/v1/desks")]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nothing")]
    public async Task No_route_answers_for_a_name_that_is_not_this_servers(string path)
    {
        await using var frontend = await Frontend.StartAsync(new Book(), Settings);

        using var foreign = await frontend.SendAsync(HttpMethod.Get, path, ("Host", "rebound.example"));
        using var own = await frontend.SendAsync(HttpMethod.Get, path, ("Host", "RISK.example:8080"));

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Contains("Access:AllowedHosts", await foreign.Content.ReadAsStringAsync());
        Assert.NotEqual(HttpStatusCode.Forbidden, own.StatusCode);
    }

    /// <summary>A balancer that closes these paths to the world compares them exactly, while routing itself takes other spellings for them.</summary>
    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health")]
    [InlineData("/ready")]
    public async Task A_path_of_operators_answers_to_its_own_spelling_only(string path)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var server = frontend.Client.BaseAddress!;
        var head = $"{path[..2].ToUpperInvariant()}{path[2..]}";
        string[] others = [head, path.ToUpperInvariant(), $"{path}/", $"/%{(int)path[1]:X2}{path[2..]}", $"/.{path}", $"{head}?x=1"];

        Assert.Equal(HttpStatusCode.OK, (await frontend.SendAsync(HttpMethod.Get, $"{path}?x=1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await frontend.SendAsync(HttpMethod.Head, path)).StatusCode);
        foreach (var other in others)
        {
            var answer = await RawClient.AskAsync(frontend, $"GET {other} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n");
            Assert.True(answer.StartsWith("HTTP/1.1 404 ", StringComparison.Ordinal), $"{other}: {answer}");
        }
    }

    [Theory]
    [InlineData("https://console.example", true)]
    [InlineData("http://localhost:6274", true)]
    [InlineData("http://risk.example", true)]
    [InlineData("http://console.example", false)]
    [InlineData("https://console.example.evil.example", false)]
    [InlineData("https://localhost.evil.example", false)]
    [InlineData("null", false)]
    [InlineData("file://localhost", false)]
    public async Task Only_pages_of_known_origins_may_ask_and_those_may_read(string origin, bool mayAsk)
    {
        await using var frontend = await Frontend.StartAsync(new Book(), Settings);

        using var response = await frontend.SendAsync(HttpMethod.Get, "/api/v1/limits", ("Host", "risk.example"), ("Origin", origin));

        Assert.Equal(mayAsk ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(mayAsk, response.Headers.Contains("Access-Control-Allow-Origin"));
        if (mayAsk)
        {
            Assert.Equal(origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Contains("Origin", response.Headers.Vary);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task A_browser_that_asks_beforehand_hears_what_a_page_may_send_and_needs_no_key_for_that()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), Settings);
        frontend.Registry.Add("ann");

        using var allowed = await frontend.SendAsync(
            HttpMethod.Options,
            "/api/v1/limits",
            ("Origin", "https://console.example"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization,mcp-protocol-version"));
        using var foreign = await frontend.SendAsync(
            HttpMethod.Options, "/api/v1/limits", ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET"));

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("authorization,mcp-protocol-version", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Contains("GET", allowed.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task A_refusal_tells_how_to_get_in()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        frontend.Registry.Add("ann");
        var server = frontend.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        using var missing = await frontend.SendAsync(HttpMethod.Get, "/api/v1/limits");
        using var wrong = await frontend.SendAsync(HttpMethod.Get, "/api/v1/limits", ("Authorization", "Bearer rmk_wrong"));

        Assert.Equal($"Bearer resource_metadata=\"{server}/.well-known/oauth-protected-resource\"", missing.Headers.WwwAuthenticate.ToString());
        Assert.Equal($"Bearer error=\"invalid_token\", resource_metadata=\"{server}/.well-known/oauth-protected-resource\"", wrong.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("", "https://risk.example")]
    [InlineData("/mcp", "https://risk.example/mcp")]
    public async Task The_metadata_names_the_resource_and_its_authorization_server(string path, string resource)
    {
        await using var frontend = await Frontend.StartAsync(
            new Book(),
            ("Access:PublicUrl", "https://risk.example"),
            ("Access:Jwt:Authority", "https://login.example/tenant"),
            ("Access:Jwt:Audience", "risk"));

        var metadata = await frontend.OkAsync($"/.well-known/oauth-protected-resource{path}");

        Assert.Equal(resource, (string?)metadata["resource"]);
        Assert.Equal("https://login.example/tenant", (string?)Assert.Single(metadata["authorization_servers"]!.AsArray()));
        Assert.Equal("header", (string?)Assert.Single(metadata["bearer_methods_supported"]!.AsArray()));
    }

    [Fact]
    public async Task Without_an_identity_provider_the_metadata_names_none()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        Assert.False(((JsonObject)await frontend.OkAsync("/.well-known/oauth-protected-resource")).ContainsKey("authorization_servers"));
    }
}
