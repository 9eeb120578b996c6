namespace RiskMonitor.Offline.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task A_request_starts_only_when_the_one_before_has_ended()
    {
        await using var cluster = await Cluster.StartAsync();
        var (key, first, second) = (Cluster.Key(), Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ITurnGrain>(key);

        var one = grain.WriteAsync(first);
        await Signals.WaitAsync($"begun {first}");
        var two = grain.WriteAsync(second);
        Signals.Open(second);
        Signals.Open(first);
        await Task.WhenAll(one, two);

        Assert.Equal([$"begin {first}", $"end {first}", $"begin {second}", $"end {second}"], Signals.Seen(key));
    }

    [Fact]
    public async Task An_interleaving_request_is_answered_while_another_one_waits()
    {
        await using var cluster = await Cluster.StartAsync();
        var gate = Cluster.Key();
        var grain = cluster.Client.GetGrain<ITurnGrain>(Cluster.Key());

        var write = grain.WriteAsync(gate);
        await Signals.WaitAsync($"begun {gate}");
        Assert.Equal(0, await grain.PeekAsync());

        Assert.False(write.IsCompleted);
        Signals.Open(gate);
        await write;
    }

    [Fact]
    public async Task Read_only_requests_run_beside_each_other_and_not_beside_a_write()
    {
        await using var cluster = await Cluster.StartAsync();
        var (one, two, three) = (Cluster.Key(), Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ITurnGrain>(Cluster.Key());

        var reads = new[] { grain.ReadAsync(one), grain.ReadAsync(two) };
        await Signals.WaitAsync($"begun {one}");
        await Signals.WaitAsync($"begun {two}");
        var write = grain.WriteAsync(three);
        Signals.Open(three);
        await grain.PeekAsync();
        Assert.False(write.IsCompleted);

        Signals.Open(one);
        Signals.Open(two);
        await Task.WhenAll(reads);
        await write;
    }

    [Fact]
    public async Task Turns_of_interleaving_requests_never_overlap()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ITurnGrain>(Cluster.Key());

        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => grain.CountAsync().AsTask()));

        Assert.Equal(4_000, await grain.PeekAsync());
    }

    [Fact]
    public async Task An_await_comes_back_to_the_scheduler_of_the_grain()
    {
        await using var cluster = await Cluster.StartAsync();

        Assert.True(await cluster.Client.GetGrain<ITurnGrain>(Cluster.Key()).StaysOnItsSchedulerAsync());
    }

    [Fact]
    public async Task Grains_that_wait_for_each_other_end_in_a_timeout()
    {
        await using var cluster = await Cluster.StartAsync(responseTimeout: TimeSpan.FromMilliseconds(500));
        var (one, two) = (Cluster.Key(), Cluster.Key());

        await Assert.ThrowsAsync<TimeoutException>(() => cluster.Client.GetGrain<ITurnGrain>(one).CallAsync(two));
    }

    [Fact]
    public async Task A_request_that_nobody_waits_for_any_more_is_not_started()
    {
        await using var cluster = await Cluster.StartAsync(responseTimeout: TimeSpan.FromMilliseconds(500));
        var (key, first, second) = (Cluster.Key(), Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ITurnGrain>(key);

        var one = grain.WriteAsync(first);
        await Signals.WaitAsync($"begun {first}");
        await Assert.ThrowsAsync<TimeoutException>(() => grain.WriteAsync(second));
        Signals.Open(first);
        await Assert.ThrowsAsync<TimeoutException>(() => one);
        await Cluster.EventuallyAsync(() => Signals.Seen(key).Contains($"end {first}"));
        await grain.StaysOnItsSchedulerAsync();

        Assert.DoesNotContain($"begin {second}", Signals.Seen(key));
    }
}
