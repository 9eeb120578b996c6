using Orleans.Configuration;
using Orleans.Hosting;

namespace RiskMonitor.Offline.Tests;

public sealed class LifeTests
{
    [Fact]
    public async Task A_grain_that_asked_to_leave_is_another_activation_at_the_next_call()
    {
        await using var cluster = await Cluster.StartAsync();
        var key = Cluster.Key();
        var grain = cluster.Client.GetGrain<ILifeGrain>(key);

        var before = await grain.ActivationAsync();
        await grain.LeaveAsync();
        var after = await grain.ActivationAsync();

        Assert.NotEqual(before, after);
        Assert.Equal(["activated", "deactivated ApplicationRequested", "activated"], Signals.Seen(key));
    }

    [Fact]
    public async Task A_request_that_arrives_while_the_grain_leaves_is_answered_by_the_next_activation()
    {
        await using var cluster = await Cluster.StartAsync();
        var gate = Cluster.Key();
        var grain = cluster.Client.GetGrain<ILifeGrain>(Cluster.Key());

        var before = await grain.ActivationAsync();
        var leave = grain.LeaveAfterAsync(gate);
        await Signals.WaitAsync($"begun {gate}");
        var next = grain.ActivationAsync();
        Signals.Open(gate);
        await leave;

        Assert.NotEqual(before, await next);
    }

    [Fact]
    public async Task A_failed_activation_fails_the_call_and_the_next_call_tries_again()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ILifeGrain>($"broken{Cluster.Key()}");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.ActivationAsync());
        Assert.Equal("not yet", failure.Message);
        Assert.NotEmpty(await grain.ActivationAsync());
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type()
    {
        await using var cluster = await Cluster.StartAsync();

        var failure = await Assert.ThrowsAsync<FormatException>(() => cluster.Client.GetGrain<ILifeGrain>(Cluster.Key()).FailAsync("no number"));

        Assert.Equal("no number", failure.Message);
    }

    [Fact]
    public async Task An_idle_grain_goes_away_after_its_collection_age()
    {
        await using var cluster = await Cluster.StartAsync(silo => silo.Configure<GrainCollectionOptions>(o =>
        {
            o.CollectionQuantum = TimeSpan.FromSeconds(1);
            o.CollectionAge = TimeSpan.FromSeconds(2);
        }));
        var key = Cluster.Key();
        await cluster.Client.GetGrain<ILifeGrain>(key).ActivationAsync();

        await Cluster.EventuallyAsync(() => Signals.Seen(key).Contains("deactivated ActivationIdle"));
    }

    [Fact]
    public async Task A_cancelled_caller_goes_on_at_once_and_the_grain_is_told()
    {
        await using var cluster = await Cluster.StartAsync();
        var (begun, cancelled) = (Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ILifeGrain>(Cluster.Key());
        using var cancellation = new CancellationTokenSource();

        var call = grain.WaitForCancellationAsync(begun, cancelled, cancellation.Token);
        await Signals.WaitAsync(begun);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Signals.WaitAsync(cancelled);
    }

    [Fact]
    public async Task A_call_with_a_token_that_is_cancelled_already_is_not_made()
    {
        await using var cluster = await Cluster.StartAsync();
        var (key, begun) = (Cluster.Key(), Cluster.Key());
        var grain = cluster.Client.GetGrain<ILifeGrain>(key);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.WaitForCancellationAsync(begun, begun, new CancellationToken(canceled: true)));

        Assert.Empty(Signals.Seen(key));
    }
}
