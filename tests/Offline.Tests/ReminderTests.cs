using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace RiskMonitor.Offline.Tests;

public sealed partial class ReminderTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_reminder_outlives_its_silo()
    {
        var clock = new ManualClock();
        var table = new TableInMemory();
        var key = Cluster.Key();
        await using (var before = await StartAsync(table, clock))
        {
            await before.Client.GetGrain<IReminderGrain>(key).RemindAsync(TimeSpan.FromSeconds(10), s_minute);
            await before.KillSiloAsync(before.Silos[0]);
        }

        await using var after = await StartAsync(table, clock);

        await TickAsync(clock, key, ticks: 1);
    }

    [Fact]
    public async Task A_removed_reminder_is_gone_from_the_table()
    {
        var table = new TableInMemory();
        await using var cluster = await StartAsync(table, new ManualClock());
        var grain = cluster.Client.GetGrain<IReminderGrain>(Cluster.Key());
        await grain.RemindAsync(s_minute, s_minute);
        Assert.Equal(["look"], await grain.NamesAsync());

        Assert.True(await grain.ForgetAsync());

        Assert.Equal(0, table.Count);
        Assert.False(await grain.ForgetAsync());
    }

    [Fact]
    public async Task A_period_under_the_minimum_is_refused_and_a_first_due_time_under_it_is_not()
    {
        await using var cluster = await StartAsync(new TableInMemory(), new ManualClock());
        var grain = cluster.Client.GetGrain<IReminderGrain>(Cluster.Key());

        await Assert.ThrowsAsync<ArgumentException>(() => grain.RemindAsync(TimeSpan.Zero, TimeSpan.FromSeconds(59)));
        await grain.RemindAsync(TimeSpan.FromSeconds(1), s_minute);
    }

    private static Task<InProcessTestCluster> StartAsync(TableInMemory table, ManualClock clock) => Cluster.StartAsync(
        silo =>
        {
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(table);
        },
        clock: clock);

    // The service sets its timer beside the call that registers, and again after each tick: the clock moves on until it has.
    private static Task TickAsync(ManualClock clock, string key, int ticks) => Cluster.EventuallyAsync(() =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return Signals.Seen(key).Count >= ticks;
    });
}
