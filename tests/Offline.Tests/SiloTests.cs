using Orleans.Runtime;

namespace RiskMonitor.Offline.Tests;

public sealed class SiloTests
{
    [Fact]
    public async Task Two_silos_share_the_grains_and_each_grain_is_in_one_of_them()
    {
        await using var cluster = await Cluster.StartAsync(silos: 2);
        var grains = Enumerable.Range(0, 50).Select(_ => cluster.Client.GetGrain<ILifeGrain>(Cluster.Key())).ToArray();

        var silos = await Task.WhenAll(grains.Select(g => g.SiloAsync()));
        var first = await Task.WhenAll(grains.Select(g => g.ActivationAsync()));
        var second = await Task.WhenAll(grains.Select(g => g.ActivationAsync()));

        Assert.Equal(2, silos.Distinct().Count());
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_killed_silo_says_no_goodbye_and_its_grains_come_back_elsewhere()
    {
        await using var cluster = await Cluster.StartAsync(silos: 2, responseTimeout: TimeSpan.FromSeconds(5));
        var (key, gate) = (Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ILifeGrain>(key);
        var home = await grain.SiloAsync();
        var call = grain.WaitAsync(gate);
        await Signals.WaitAsync($"begun {gate}");

        await cluster.KillSiloAsync(cluster.Silos.Single(s => s.Name == home));

        // A caller that is told gets SiloUnavailableException, one that is not a timeout.
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => call);
        Assert.True(failure is OrleansException or TimeoutException, failure.ToString());
        string? next = null;
        await Cluster.EventuallyAsync(async () =>
        {
            try
            {
                next = await grain.SiloAsync();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // The survivors may need a moment to notice.
            }

            return next is not null;
        });
        Assert.NotEqual(home, next);
        Assert.DoesNotContain(Signals.Seen(key), seen => seen.StartsWith("deactivated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stopped_silo_lets_requests_end_and_says_goodbye()
    {
        await using var cluster = await Cluster.StartAsync();
        var (key, gate) = (Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ILifeGrain>(key);
        var call = grain.WaitAsync(gate);
        await Signals.WaitAsync($"begun {gate}");

        var stop = cluster.StopSiloAsync(cluster.Silos[0]);
        Signals.Open(gate);
        await stop;

        Assert.Equal(["activated", "went on", "deactivated ShuttingDown"], Signals.Seen(key));
        await call;
    }

    [Fact]
    public async Task A_restarted_silo_activates_afresh()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ILifeGrain>(Cluster.Key());
        var before = await grain.ActivationAsync();

        await cluster.RestartSiloAsync(cluster.Silos[0]);

        string? after = null;
        await Cluster.EventuallyAsync(async () =>
        {
            try
            {
                after = await grain.ActivationAsync();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // The client may need a moment to find the silo.
            }

            return after is not null;
        });
        Assert.NotEqual(before, after);
    }
}
