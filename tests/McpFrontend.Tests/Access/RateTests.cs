using System.Net;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class RateTests
{
    private const string Path = "/api/v1/limits";

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again_and_nobody_else_is_slowed()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("RateLimit:PerUser:Calls", "1"), ("RateLimit:PerUser:Per", "00:01:00"), ("RateLimit:PerUser:Burst", "3"));
        var (ann, bob) = (frontend.Registry.Add("ann"), frontend.Registry.Add("bob"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await frontend.AsAsync(ann, Path)).Status);
        }

        using var response = await frontend.SendAsync(HttpMethod.Get, Path, ("X-Api-Key", ann));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(("rate_limited", true), ((string?)problem["code"], (bool)problem["retryable"]!));
        Assert.Equal(200, (await frontend.AsAsync(bob, Path)).Status);
    }

    [Fact]
    public async Task A_tool_with_a_rate_of_its_own_leaves_the_others_alone()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("RateLimit:Tools:get_limits:Calls", "1"), ("RateLimit:Tools:get_limits:Per", "01:00:00"), ("RateLimit:Tools:get_limits:Burst", "1"));
        Assert.Equal(200, (await frontend.GetAsync(Path)).Status);

        Assert.Equal(429, (await frontend.GetAsync(Path)).Status);
        Assert.Equal(200, (await frontend.GetAsync("/api/v1/desks")).Status);
    }

    [Fact]
    public async Task A_rate_comes_back_with_time()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("RateLimit:PerUser:Calls", "5"), ("RateLimit:PerUser:Burst", "1"));
        Assert.Equal(200, (await frontend.GetAsync(Path)).Status);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await frontend.GetAsync(Path)).Status != 200)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Guesses_are_held_up_and_lock_nobody_out()
    {
        await using var frontend = await Frontend.StartAsync(
            new Book(), ("RateLimit:Unauthenticated:Calls", "1"), ("RateLimit:Unauthenticated:Per", "01:00:00"), ("RateLimit:Unauthenticated:Burst", "5"));
        var (ann, bob) = (frontend.Registry.Add("ann"), frontend.Registry.Add("bob"));
        var statuses = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            // Ann's key id, as seen in a list, with a secret that is tried out.
            statuses.Add((await frontend.AsAsync(ann[..^43] + bob[^43..], Path)).Status);
        }

        Assert.Equal([401, 401, 401, 401, 401], statuses.Take(5));
        Assert.All(statuses.Skip(5), status => Assert.Equal(429, status));
        // Her neighbour at the same address is not touched; her own key is held up there, because every guess at it is.
        Assert.Equal(200, (await frontend.AsAsync(bob, Path)).Status);
        Assert.Equal(429, (await frontend.AsAsync(ann, Path)).Status);
    }

    [Fact]
    public async Task A_flood_without_credentials_is_refused_and_lets_the_right_key_through()
    {
        await using var frontend = await Frontend.StartAsync(
            new Book(), ("RateLimit:Unauthenticated:Calls", "1"), ("RateLimit:Unauthenticated:Per", "01:00:00"), ("RateLimit:Unauthenticated:Burst", "5"));
        var ann = frontend.Registry.Add("ann");

        var flood = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => frontend.GetAsync(Path)));

        Assert.Equal(5, flood.Count(answer => answer.Status == 401));
        Assert.Equal(45, flood.Count(answer => answer.Status == 429));
        Assert.Equal(200, (await frontend.AsAsync(ann, Path)).Status);
    }

    [Fact]
    public async Task More_calls_than_there_are_places_wait_or_are_refused_at_once_and_places_come_back()
    {
        var gate = new TaskCompletionSource();
        var entered = new SemaphoreSlim(0);
        var book = new Book
        {
            Before = async () =>
            {
                entered.Release();
                await gate.Task;
            },
        };
        await using var frontend = await Frontend.StartAsync(
            book, ("RateLimit:MostInFlight", "2"), ("RateLimit:MostWaiting", "1"), ("RateLimit:MostWait", "00:00:10"));
        var held = new[] { frontend.GetAsync(Path), frontend.GetAsync(Path) };
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(10)) && await entered.WaitAsync(TimeSpan.FromSeconds(10)));

        var next = Enumerable.Range(0, 5).Select(_ => frontend.GetAsync(Path)).ToList();
        var refused = new List<int>();
        while (refused.Count < 4)
        {
            var ended = await Task.WhenAny(next).WaitAsync(TimeSpan.FromSeconds(10));
            next.Remove(ended);
            refused.Add((await ended).Status);
        }

        gate.SetResult();
        Assert.All(refused, status => Assert.Equal(503, status));
        Assert.All(await Task.WhenAll([.. held, .. next]), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, (await frontend.GetAsync(Path)).Status);
    }
}
