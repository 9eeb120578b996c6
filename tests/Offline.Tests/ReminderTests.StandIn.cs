namespace RiskMonitor.Offline.Tests;

// The package computes what is left of a period from the time of the first tick, and takes nothing left for a tick that is due: at exactly the
// time of a tick, which a clock that is set always hits and a real one hardly ever, it ticks again at once. Grains take that; the stand-in ticks once.
public sealed partial class ReminderTests
{
    [Fact]
    public async Task A_reminder_ticks_by_the_clock_and_again_after_its_period()
    {
        var clock = new ManualClock();
        await using var cluster = await StartAsync(new TableInMemory(), clock);
        var key = Cluster.Key();
        var begin = clock.GetUtcNow();
        await cluster.Client.GetGrain<IReminderGrain>(key).RemindAsync(TimeSpan.FromSeconds(10), s_minute);

        await TickAsync(clock, key, ticks: 1);
        Assert.True(clock.GetUtcNow() - begin >= TimeSpan.FromSeconds(10));
        await TickAsync(clock, key, ticks: 2);
        Assert.True(clock.GetUtcNow() - begin >= TimeSpan.FromSeconds(70));
    }
}
