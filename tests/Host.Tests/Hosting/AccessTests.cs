using System.Net;
using System.Net.Http.Headers;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>Users of a running program.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task A_host_that_others_can_reach_does_not_start_without_users_and_does_with_one()
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync("--no-demo", "--listen", "0.0.0.0:0", "--data", _data.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains("./run users add --help", errors);
        Assert.DoesNotContain("   at ", errors);

        var key = await AddAsync("ann");
        await using var host = await HostProcess.StartAsync(["--no-demo", "--listen", "0.0.0.0:0", "--data", _data.Path]);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, key));
    }

    [Fact]
    public async Task Users_are_added_and_revoked_beside_a_running_host_and_every_call_is_in_the_audit_log()
    {
        await using var host = await HostProcess.StartAsync(["--no-demo", "--port", "0", "--data", _data.Path]);
        Assert.Contains(host.Output, line => line.Contains("local-admin", StringComparison.Ordinal));
        Assert.Equal("none", (string?)(await host.GetAsync("health"))["authentication"]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, null));

        var key = await AddAsync("ann");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, key));
        await Eventually.IsTrueAsync("others are asked for credentials", async () => await StatusAsync(host, null) == HttpStatusCode.Unauthorized);
        await HostProcess.RunAsync("users", "revoke", "ann", "--data", _data.Path);
        await Eventually.IsTrueAsync("the revoked key is refused", async () => await StatusAsync(host, key) == HttpStatusCode.Unauthorized);
        Assert.Equal(0, await host.TerminateAsync());

        var (_, audit, _) = await HostProcess.RunAsync("audit", "--data", _data.Path, "--last", "1000");
        Assert.Contains("local-admin", audit);
        Assert.Contains("ann", audit);
        Assert.Contains("unauthenticated", audit);
        Assert.DoesNotContain(key, audit);
    }

    [Fact]
    public async Task The_demo_goes_on_where_users_are_needed()
    {
        await AddAsync("ann");
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path]);

        await Eventually.IsTrueAsync(
            "the demo risk manager acknowledges", () => host.Output.Any(line => line.Contains("acknowledged by demo risk manager", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, null));
    }

    [Fact]
    public async Task A_name_in_table_and_configuration_is_refused_at_the_start()
    {
        await AddAsync("ann");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(
            ["--no-demo", "--port", "0", "--data", _data.Path],
            new Dictionary<string, string>
            {
                ["RiskMonitor__Access__Users__0__Name"] = "ann",
                ["RiskMonitor__Access__Users__0__Role"] = "viewer",
                ["RiskMonitor__Access__Users__0__Desks__0"] = "*",
                ["RiskMonitor__Access__Users__0__Clearance"] = "desk",
                ["RiskMonitor__Access__Users__0__KeyHash"] = KeyHash.Of(ApiKey.New()).ToString(),
            }));

        Assert.Contains("./run users revoke NAME", error.Message);
    }

    [Theory]
    [InlineData("--listen", "somewhere", "Listen is 'somewhere'; give an address of this machine")]
    [InlineData("--listen", "203.0.113.7:0", "is not an address of this machine")]
    public async Task An_address_that_cannot_be_listened_on_is_told_with_a_way_out(string option, string value, string message)
    {
        var (_, _, errors) = await HostProcess.RunAsync("--no-demo", option, value, "--data", _data.Path);

        Assert.Contains(message, errors);
    }

    public void Dispose() => _data.Dispose();

    private async Task<string> AddAsync(string name)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(
            "users", "add", name, "--role", "admin", "--all-desks", "--clearance", "trader", "--data", _data.Path);
        Assert.True(exitCode == 0, errors);
        return output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.StartsWith(ApiKey.Prefix, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/desks");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var response = await host.Http.SendAsync(request);
        return response.StatusCode;
    }
}
