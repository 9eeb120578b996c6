namespace RiskMonitor.Offline.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_ticks_by_the_clock_of_the_silo()
    {
        var clock = new ManualClock();
        await using var cluster = await Cluster.StartAsync(clock: clock);
        var key = Cluster.Key();
        var begin = clock.GetUtcNow();
        await cluster.Client.GetGrain<ITimerGrain>(key).StartAsync(s_second, s_second, fails: false);

        Assert.Empty(Signals.Seen(key));
        for (var ticks = 1; ticks <= 3; ticks++)
        {
            // The next tick is set when the one before has ended: the clock moves on until it has.
            await Cluster.EventuallyAsync(() =>
            {
                clock.Advance(s_second / 4);
                return Signals.Seen(key).Count >= ticks;
            });
            Assert.True(clock.GetUtcNow() - begin >= s_second * ticks);
        }
    }

    [Fact]
    public async Task A_tick_waits_for_the_request_that_runs()
    {
        await using var cluster = await Cluster.StartAsync();
        var (key, gate) = (Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ITimerGrain>(key);
        await grain.StartAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), fails: false);

        for (var round = 0; round < 20; round++)
        {
            var wait = grain.WaitAsync($"{gate}{round}");
            await Signals.WaitAsync($"begun {gate}{round}");
            Signals.Open($"{gate}{round}");
            await wait;
        }

        await Cluster.EventuallyAsync(() => !Signals.Seen(key).IsEmpty);
        Assert.DoesNotContain("tick in a request", Signals.Seen(key));
    }

    [Fact]
    public async Task A_tick_that_fails_is_followed_by_the_next_one()
    {
        await using var cluster = await Cluster.StartAsync();
        var key = Cluster.Key();
        await cluster.Client.GetGrain<ITimerGrain>(key).StartAsync(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), fails: true);

        await Cluster.EventuallyAsync(() => Signals.Seen(key).Count > 2);
    }

    [Fact]
    public async Task A_timer_ends_with_its_activation_and_its_token_is_cancelled()
    {
        await using var cluster = await Cluster.StartAsync();
        var key = Cluster.Key();
        var grain = cluster.Client.GetGrain<ITimerGrain>(key);
        await grain.StartAsync(TimeSpan.Zero, Timeout.InfiniteTimeSpan, fails: false);
        await Cluster.EventuallyAsync(() => !Signals.Seen(key).IsEmpty);

        await grain.LeaveAsync();

        await Signals.WaitAsync($"stopped {key}");
    }
}
