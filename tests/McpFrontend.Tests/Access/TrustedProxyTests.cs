using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("", "203.0.113.7", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "9.9.9.9, 203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8, 10.0.0.0/8", "9.9.9.9, 203.0.113.7, 10.1.1.1", "203.0.113.7")]
    [InlineData("127.0.0.1", "203.0.113.7:4711", "203.0.113.7")]
    [InlineData("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("127.0.0.1", "unknown", "127.0.0.1")]
    [InlineData("127.0.0.1", "9.9.9.9, nonsense", "127.0.0.1")]
    public async Task A_trusted_proxy_says_who_the_client_is_and_nobody_else_does(string trusted, string forwarded, string expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("Access:TrustedProxies", trusted));
        var ann = frontend.Registry.Add("ann");

        using var response = await frontend.SendAsync(HttpMethod.Get, "/api/v1/desks", ("X-Api-Key", ann), ("X-Forwarded-For", forwarded));

        Assert.Equal(200, (int)response.StatusCode);
        await Eventually.IsTrueAsync("the call is in the audit log", () => frontend.Registry.Audit.Count > 0);
        Assert.Equal(expected, Assert.Single(frontend.Registry.Audit).Address);
    }

    [Fact]
    public async Task Who_comes_through_a_trusted_proxy_is_never_local()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("Access:TrustedProxies", "127.0.0.1"));

        using var response = await frontend.SendAsync(HttpMethod.Get, "/api/v1/desks", ("X-Forwarded-For", "127.0.0.1"));

        Assert.Equal(401, (int)response.StatusCode);
    }
}
