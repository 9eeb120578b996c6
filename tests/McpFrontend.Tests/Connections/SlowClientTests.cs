using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Connections;

/// <summary>Clients that take their time, over the real server.</summary>
public sealed class SlowClientTests
{
    private const string Path = "/api/v1/limits";

    [Fact]
    public async Task A_connection_on_which_nothing_is_sent_is_closed()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("Connections:FirstByteWithin", "00:00:00.100"));
        using var silent = await RawClient.ConnectAsync(frontend);

        Assert.Equal("", await silent.ReadToEndAsync());
        await Eventually.IsTrueAsync("its place is free", () => frontend.Services.GetRequiredService<ConnectionTable>().Count == 0);
    }

    [Fact]
    public async Task Headers_that_trickle_are_answered_with_a_timeout()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("Connections:HeadersWithin", "00:00:00.500"));
        using var slow = await RawClient.ConnectAsync(frontend);
        await slow.SendAsync("GET /health HTTP/1.1\r\nHost: ");

        Assert.Contains(" 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_and_idle_connections_shut_nobody_out()
    {
        await using var frontend = await Frontend.StartAsync(
            new Book(), ("Connections:Most", "40"), ("Connections:MostPerAddress", "10"), ("Connections:FirstByteWithin", "00:05:00"), ("Connections:IdleWithin", "00:05:00"));
        var crowd = new List<RawClient>();
        for (var i = 0; i < 100; i++)
        {
            crowd.Add(await RawClient.ConnectAsync(frontend, from: $"127.0.0.{1 + (i % 7)}"));
            if (i % 3 == 0)
            {
                await crowd[^1].SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
        }

        for (var i = 1; i <= 8; i++)
        {
            var answer = await RawClient.AskAsync(frontend, "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", from: $"127.0.0.{i}");
            Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        }

        Assert.InRange(frontend.Services.GetRequiredService<ConnectionTable>().Count, 0, 40);
        crowd.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Bodies_that_do_not_come_hold_no_permit_and_are_given_up()
    {
        await using var frontend = await Frontend.StartAsync(
            new Book(), ("RateLimit:MostInFlight", "2"), ("RateLimit:MostWaiting", "0"), ("Connections:BodyWithin", "00:00:02"), ("Connections:MostBodiesPerUser", "60"));
        var (ann, bob) = (frontend.Registry.Add("ann", Role.RiskManager), frontend.Registry.Add("bob"));
        var slow = new List<RawClient>();
        for (var i = 0; i < 30; i++)
        {
            slow.Add(await RawClient.ConnectAsync(frontend));
            await slow[^1].SendAsync(Ack(ann));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await frontend.AsAsync(bob, Path)).Status);
        }

        foreach (var client in slow)
        {
            var answer = await client.ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"timeout\"", answer, StringComparison.Ordinal);
            client.Dispose();
        }
    }

    [Fact]
    public async Task One_user_sends_only_so_many_bodies_at_a_time()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), ("Connections:MostBodiesPerUser", "2"), ("Connections:BodyWithin", "00:05:00"));
        var ann = frontend.Registry.Add("ann", Role.RiskManager);
        var clients = new List<RawClient>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await RawClient.ConnectAsync(frontend));
            await clients[^1].SendAsync(Ack(ann));
        }

        var answers = clients.Select(client => client.ReadFirstAsync()).ToList();
        var refused = await await Task.WhenAny(answers);

        Assert.StartsWith("HTTP/1.1 429 ", refused, StringComparison.Ordinal);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_user_who_has_used_up_the_share_leaves_the_rest_to_others()
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
            book, ("RateLimit:MostInFlight", "4"), ("RateLimit:MostInFlightPerUser", "2"), ("RateLimit:MostWaiting", "4"), ("RateLimit:MostWait", "00:00:00.100"));
        var (ann, bob) = (frontend.Registry.Add("ann"), frontend.Registry.Add("bob"));
        var asked = new[] { frontend.AsAsync(ann, Path), frontend.AsAsync(ann, Path), frontend.AsAsync(ann, Path) };

        // Two of them are held; which one comes too late is not known.
        var refused = await Task.WhenAny(asked);
        Assert.Equal(503, (await refused).Status);
        var other = frontend.AsAsync(bob, Path);
        for (var held = 0; held < 3; held++)
        {
            Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        gate.SetResult();
        Assert.All(await Task.WhenAll([.. asked.Where(ask => ask != refused), other]), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, (await frontend.AsAsync(ann, Path)).Status);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("line", 414)]
    [InlineData("flood", 431)]
    public async Task What_the_server_refuses_by_itself_is_a_problem_too(string request, int expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        request = request switch
        {
            "line" => $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "flood" => $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"h{i}: x\r\n"))}\r\n",
            _ => request,
        };

        var answer = await RawClient.AskAsync(frontend, request);

        Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalid_input\"", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
    }

    private static string Ack(string key) =>
        $"POST /api/v1/alerts/{Guid.NewGuid():D}/ack HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 20\r\nConnection: close\r\n\r\n{{";
}
