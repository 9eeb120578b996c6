using System.Net;
using System.Text.RegularExpressions;
using RiskMonitor.Host.Tests;
using RiskMonitor.Risk.Access;
using RiskMonitor.WebConsole.Tests.Browsing;

namespace RiskMonitor.WebConsole.Tests.Views;

/// <summary>How a session travels: behind a proxy that ends TLS, between two frontends, and from pages of others.</summary>
public sealed partial class CookieTests
{
    [Fact]
    public async Task Behind_a_proxy_that_ends_tls_the_session_is_for_https_only()
    {
        var key = ApiKey.New();
        await using var world = await ConsoleWorld.StartWithAsync(
            new Dictionary<string, string> { ["RiskMonitor__Access__PublicUrl"] = "https://risk.example" }, ("ann", Role.Admin, "*", Clearance.Trader, key));
        using var client = ClientOf(world.Server, "risk.example");

        using var answer = await SignInAsync(client, key);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.DoesNotContain("http://", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        var session = Assert.Single(CookiesOf(answer), cookie => cookie.StartsWith("__Host-riskmonitor=", StringComparison.Ordinal));
        Assert.Contains("; secure", session, StringComparison.Ordinal);
        Assert.Contains("; httponly", session, StringComparison.Ordinal);
        Assert.Contains("; path=/", session, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frontends_with_the_same_keys_take_each_others_forms_and_sessions()
    {
        using var keys = new TemporaryDirectory();
        var shared = new Dictionary<string, string> { ["RiskMonitor__Console__Keys"] = keys.Path };
        var user = ("ann", Role.Admin, "*", Clearance.Trader, Key: ApiKey.New());
        await using var one = await ConsoleWorld.StartWithAsync(shared, user);
        await using var other = await ConsoleWorld.StartWithAsync(shared, user);
        using var atOne = ClientOf(one.Server);
        using var atOther = ClientOf(other.Server);

        // A balancer without affinity: the page comes from the one, and its form goes to the other.
        using var page = await atOne.GetAsync("/signin");
        using var answer = await SignInAsync(atOther, user.Key, page);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);

        foreach (var client in (HttpClient[])[atOne, atOther])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/inbox");
            request.Headers.Add("Cookie", CookiesOf(answer).Select(cookie => cookie.Split(';')[0]));
            using var inbox = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, inbox.StatusCode);
        }
    }

    [Fact]
    public async Task Pages_of_another_program_on_this_machine_open_no_connection_of_the_console()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var client = ClientOf(world.Server);

        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(world.Server.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.Forbidden, await NegotiateAsync("http://localhost:3000"));
        Assert.Equal(HttpStatusCode.Forbidden, await NegotiateAsync("http://127.0.0.1:3000"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/api/v1/desks", "http://localhost:3000")).StatusCode);

        async Task<HttpStatusCode> NegotiateAsync(string origin) => (await SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", origin)).StatusCode;

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string origin)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Origin", origin);
            return await client.SendAsync(request);
        }
    }

    private static HttpClient ClientOf(Uri server, string? host = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server };
        client.DefaultRequestHeaders.Host = host;
        return client;
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client, ApiKey key)
    {
        using var page = await client.GetAsync("/signin");
        return await SignInAsync(client, key, page);
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client, ApiKey key, HttpResponseMessage page)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin");
        request.Headers.Add("Cookie", CookiesOf(page).Select(cookie => cookie.Split(';')[0]));
        request.Content = new FormUrlEncodedContent(
        [
            new("Input.Key", key.Reveal()),
            new("_handler", "signin"),
            new("__RequestVerificationToken", FormToken().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value),
        ]);
        return await client.SendAsync(request);
    }

    private static IReadOnlyList<string> CookiesOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
