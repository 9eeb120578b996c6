using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class RightsWatchTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked_and_no_other_does()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var users = frontend.Services.GetRequiredService<UserDirectory>();
        var (ann, bob) = (await CallerAsync("ann"), await CallerAsync("bob"));
        var watch = frontend.Services.GetRequiredService<RightsWatch>();
        using var end = new CancellationTokenSource();
        var (annsStream, bobsStream) = (Stream(ann), Stream(bob));

        await frontend.Registry.RevokeAsync("ann", "test", default);

        Assert.Equal("ended", await annsStream.WaitAsync(Deadline));
        Assert.False(bobsStream.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bobsStream.WaitAsync(Deadline));

        async Task<Caller> CallerAsync(string name) => (await users.FindAsync(ApiKey.Parse(frontend.Registry.Add(name))!, default))!;

        Task<string> Stream(Caller caller) => watch.WhileInForceAsync(
            caller,
            async token =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return "never";
            },
            "ended",
            end.Token).AsTask();
    }

    [Fact]
    public async Task A_stream_of_the_local_administrator_ends_when_there_are_users_and_one_of_a_token_with_the_token()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var users = frontend.Services.GetRequiredService<UserDirectory>();
        var token = Caller.LocalAdmin with { Until = TimeProvider.System.GetUtcNow().AddHours(1) };
        Assert.True(await users.IsInForceAsync(Caller.LocalAdmin, default));

        frontend.Registry.Add("ann");

        Assert.False(await users.IsInForceAsync(Caller.LocalAdmin, default));
        Assert.True(await users.IsInForceAsync(token, default));
        Assert.False(await users.IsInForceAsync(token with { Until = TimeProvider.System.GetUtcNow() }, default));
    }

    [Fact]
    public async Task What_ends_by_itself_comes_to_its_own_result()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var watch = frontend.Services.GetRequiredService<RightsWatch>();

        Assert.Equal("done", await watch.WhileInForceAsync(Caller.LocalAdmin, _ => ValueTask.FromResult("done"), "ended", default));
        await Assert.ThrowsAsync<IOException>(async () => await watch.WhileInForceAsync<string>(Caller.LocalAdmin, _ => throw new IOException("x"), "ended", default));
    }
}
