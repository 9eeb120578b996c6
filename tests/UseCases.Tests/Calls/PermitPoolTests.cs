using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.UseCases.Tests.Calls;

public sealed class PermitPoolTests
{
    private static readonly RateLimitOptions Usual = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Users_who_take_all_permits_they_can_get_leave_some_for_another(int greedy)
    {
        var pool = new PermitPool(Usual);
        for (var i = 0; i < greedy; i++)
        {
            await TakeAllAsync(pool, $"greedy {i}");
        }

        Assert.NotNull(pool.TryAcquire("another"));
    }

    [Fact]
    public void One_user_alone_gets_the_whole_share_of_a_user()
    {
        var pool = new PermitPool(Usual);

        var held = Enumerable.Range(0, 1_000).Select(_ => pool.TryAcquire("jane")).Count(permit => permit is not null);

        Assert.Equal(Usual.MostInFlightPerUser, held);
    }

    [Fact]
    public async Task Of_those_who_wait_the_user_with_the_fewest_permits_is_served_first()
    {
        var pool = new PermitPool(new RateLimitOptions { MostInFlight = 3, MostInFlightPerUser = 3 });
        var held = new[] { pool.TryAcquire("greedy")!, pool.TryAcquire("greedy")!, pool.TryAcquire("other")! };
        var greedy = pool.TakeAsync("greedy", CancellationToken.None);
        var third = pool.TakeAsync("third", CancellationToken.None);

        held[2].Dispose();

        Assert.NotNull(await third);
        Assert.False(greedy.IsCompleted);
    }

    [Fact]
    public async Task A_queue_full_of_two_users_calls_has_room_for_a_third()
    {
        var pool = new PermitPool(new RateLimitOptions { MostInFlight = 1, MostInFlightPerUser = 4, MostWaiting = 4 });
        var held = pool.TryAcquire("a")!;
        var waiting = new[] { "a", "b", "a", "b" }.Select(user => pool.TakeAsync(user, CancellationToken.None)).ToList();

        var third = pool.TakeAsync("third", CancellationToken.None);
        var displaced = await Task.WhenAny(waiting);
        Assert.Null(await displaced);
        _ = Assert.Single(waiting, call => call.IsCompleted);
        held.Dispose();

        foreach (var call in waiting)
        {
            (await call)?.Dispose();
        }

        Assert.NotNull(await third);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_permit()
    {
        var pool = new PermitPool(new RateLimitOptions { MostInFlight = 1, MostInFlightPerUser = 1 });
        var held = pool.TryAcquire("jane")!;
        using var giveUp = new CancellationTokenSource();
        var waiting = pool.TakeAsync("joe", giveUp.Token);

        await giveUp.CancelAsync();

        Assert.Null(await waiting);
        held.Dispose();
        Assert.NotNull(pool.TryAcquire("jane"));
    }

    [Fact]
    public async Task No_permit_is_lost_or_given_twice_whatever_users_do()
    {
        var pool = new PermitPool(new RateLimitOptions { MostInFlight = 8, MostInFlightPerUser = 4, MostWaiting = 8 });
        var (held, most) = (0, 0);
        var served = await Task.WhenAll(Enumerable.Range(0, 16).Select(async seed =>
        {
            var random = new Random(seed);
            var count = 0;
            for (var i = 0; i < 500; i++)
            {
                using var giveUp = new CancellationTokenSource();
                var taking = pool.TakeAsync($"user {random.Next(5)}", giveUp.Token);
                await Task.Yield();
                if (random.Next(3) == 0)
                {
                    await giveUp.CancelAsync();
                }

                if (await taking is { } permit)
                {
                    count++;
                    InterlockedMax(ref most, Interlocked.Increment(ref held));
                    await Task.Yield();
                    Interlocked.Decrement(ref held);
                    permit.Dispose();
                }
            }

            return count;
        }));

        Assert.InRange(most, 1, 8);
        Assert.All(served, count => Assert.NotEqual(0, count));
        var again = Enumerable.Range(0, 4).Select(i => pool.TryAcquire($"later {i % 2}")).ToList();
        Assert.DoesNotContain(null, again);
    }

    private static async Task TakeAllAsync(PermitPool pool, string user)
    {
        while (pool.TryAcquire(user) is not null)
        {
            // Held until the end.
        }

        // What waits takes nothing from others either.
        for (var i = 0; i < Usual.MostInFlightPerUser; i++)
        {
            _ = pool.TakeAsync(user, CancellationToken.None);
        }

        await Task.Yield();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); value > known; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, known);
        }
    }
}
