using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>A token's user may be called what a user of ours is called, and is never taken for that one.</summary>
public sealed class TokenIdentityTests
{
    [Fact]
    public async Task The_audit_log_and_an_acknowledgement_tell_them_apart()
    {
        var book = new Book();
        book.Limit("house", 1_000);
        book.Put("Rates", "P1", 2_000);
        book.Deliver(book.AlertOf("Rates"));
        await using var provider = await IdentityProvider.StartAsync();
        await using var frontend = await StartAsync(book, provider);
        var own = frontend.Registry.Add("ann", Role.RiskManager);
        var token = provider.Token(("sub", "ann"), ("risk_role", "risk_manager"), ("risk_desks", "*"));

        var (_, ofOwn) = await frontend.AsAsync(own, "/api/v1/desks");
        var (_, ofToken) = await frontend.AsAsync(token, "/api/v1/desks");
        using var ack = await frontend.SendAsync(HttpMethod.Post, $"/api/v1/alerts/{book.AlertOf("Rates"):D}/ack", ("Authorization", $"Bearer {token}"));
        await frontend.StopAsync();

        var identity = $"token:{provider.Issuer}#ann";
        Assert.Equal(("ann", (string?)null), ((string?)ofOwn["scope"]!["user"], (string?)ofOwn["scope"]!["issuer"]));
        Assert.Equal(("ann", provider.Issuer), ((string?)ofToken["scope"]!["user"], (string?)ofToken["scope"]!["issuer"]));
        Assert.Equal(200, (int)ack.StatusCode);
        Assert.Contains($"\"acked_by\":\"{identity}\"", await ack.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(identity, book.Alert(book.AlertOf("Rates")).Acknowledgement!.By);
        Assert.Equal(["ann", identity], frontend.Registry.Audit.Select(entry => entry.User).Distinct().Order());
    }

    [Fact]
    public async Task A_token_does_not_use_up_the_rate_of_a_user_of_that_name()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var frontend = await StartAsync(new Book(), provider, ("RateLimit:PerUser:Calls", "1"), ("RateLimit:PerUser:Per", "01:00:00"), ("RateLimit:PerUser:Burst", "1"));
        var own = frontend.Registry.Add("ann");
        var token = provider.Token(("sub", "ann"));

        Assert.Equal(200, (await frontend.AsAsync(token, "/api/v1/desks")).Status);
        Assert.Equal(429, (await frontend.AsAsync(token, "/api/v1/desks")).Status);
        Assert.Equal(200, (await frontend.AsAsync(own, "/api/v1/desks")).Status);
    }

    [Fact]
    public async Task A_token_does_not_take_the_permits_of_a_user_of_that_name()
    {
        var gate = new TaskCompletionSource();
        var entered = new SemaphoreSlim(0);
        var book = new Book();
        await using var provider = await IdentityProvider.StartAsync();
        await using var frontend = await StartAsync(book, provider, ("RateLimit:MostInFlightPerUser", "1"), ("RateLimit:MostWait", "00:00:00.001"));
        var own = frontend.Registry.Add("ann");
        book.Before = async () =>
        {
            entered.Release();
            await gate.Task;
        };
        var held = frontend.AsAsync(provider.Token(("sub", "ann")), "/api/v1/limits");
        await entered.WaitAsync();

        var asked = frontend.AsAsync(own, "/api/v1/limits");
        var first = await Task.WhenAny(entered.WaitAsync(), asked);
        gate.SetResult();

        Assert.NotSame(asked, first);
        Assert.Equal((200, 200), ((await held).Status, (await asked).Status));
    }

    [Theory]
    [InlineData(" ann")]
    [InlineData("ann ")]
    [InlineData("a\u200Bnn")]
    [InlineData("\u202Enna")]
    [InlineData("ａｎｎ")]
    [InlineData("аnn")]
    [InlineData("ann\u00A0")]
    [InlineData("a\u0301nn")]
    [InlineData("Local-Admin")]
    [InlineData("local\u2010admin")]
    [InlineData("demo  risk manager")]
    [InlineData("token:x#ann")]
    public async Task A_name_that_can_be_taken_for_another_is_not_let_in(string name)
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var frontend = await StartAsync(new Book(), provider);
        frontend.Registry.Add("ann");

        var (status, problem) = await frontend.AsAsync(provider.Token(("sub", name)), "/api/v1/desks");

        Assert.Equal(401, status);
        Assert.Contains("claim sub", (string?)problem["detail"], StringComparison.Ordinal);
    }

    private static Task<Frontend> StartAsync(Book book, IdentityProvider provider, params (string, string)[] settings) => Frontend.StartAsync(
        book,
        [("Access:Jwt:JwksUri", $"{provider.Issuer}/keys"), ("Access:Jwt:Issuer", provider.Issuer), ("Access:Jwt:Audience", IdentityProvider.Audience), .. settings]);
}
