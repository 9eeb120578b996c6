using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Webhooks;

public sealed class WebhookSenderTests
{
    private const string Secret = Sender.Secret;
    private const string Body = Sender.Body;
    private static readonly DateTimeOffset Noon = Sender.Noon;

    [Fact]
    public async Task A_message_arrives_byte_for_byte_and_signed()
    {
        await using var receiver = await Receiver.StartAsync(204);
        await using var sender = new Sender(receiver.Url);

        var result = await sender.SendAsync("dlv_1");

        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        var message = Assert.Single(receiver.Messages);
        Assert.Equal(("POST", "/alerts", "application/json", "dlv_1"), (message.Method, message.Path, message.ContentType, message.Id));
        Assert.Equal(Body, Encoding.UTF8.GetString(message.Body));
        Assert.Null(StandardWebhook.Verify(message.Id, message.Timestamp, message.Signature, message.Body, Secret, Noon));
    }

    [Fact]
    public async Task A_retry_keeps_its_id_and_is_signed_with_a_fresh_timestamp()
    {
        await using var receiver = await Receiver.StartAsync(500);
        await using var sender = new Sender(receiver.Url);

        await sender.SendAsync("dlv_1");
        sender.Time.SetUtcNow(Noon.AddHours(2));
        await sender.SendAsync("dlv_1");

        var (first, second) = (receiver.Messages.First(), receiver.Messages.Last());
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(7200, long.Parse(second.Timestamp) - long.Parse(first.Timestamp));
        Assert.Null(StandardWebhook.Verify(second.Id, second.Timestamp, second.Signature, second.Body, Secret, Noon.AddHours(2)));
    }

    [Fact]
    public async Task While_a_secret_is_rotated_a_message_carries_both_signatures()
    {
        var previous = StandardWebhook.NewSecret();
        await using var receiver = await Receiver.StartAsync(200);
        await using var sender = new Sender(receiver.Url, ("Webhook:PreviousSecret", previous));

        await sender.SendAsync("dlv_1");

        var message = Assert.Single(receiver.Messages);
        Assert.Equal(2, message.Signature.Split(' ').Length);
        Assert.Null(StandardWebhook.Verify(message.Id, message.Timestamp, message.Signature, message.Body, previous, Noon));
        Assert.Null(StandardWebhook.Verify(message.Id, message.Timestamp, message.Signature, message.Body, Secret, Noon));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Anything_but_2xx_is_a_failed_attempt_that_tells_the_status(int status)
    {
        await using var receiver = await Receiver.StartAsync(status);
        await using var sender = new Sender(receiver.Url);

        var result = await sender.SendAsync("dlv_1");

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.StartsWith(status.ToString(), result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await Receiver.StartAsync(200);
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Url, permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var sender = new Sender(receiver.Url);

        var result = await sender.SendAsync("dlv_1");

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains(elsewhere.Url, result.Detail, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Messages);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_asked_once()
    {
        await using var receiver = await Receiver.StartAsync(410);
        await using var sender = new Sender(receiver.Url);

        var first = await sender.SendAsync("dlv_1");
        var second = await sender.SendAsync("dlv_2");

        Assert.Equal(DeliveryOutcome.Gone, first.Outcome);
        Assert.Equal(DeliveryOutcome.NoEndpoint, second.Outcome);
        Assert.Single(receiver.Messages);
        Assert.Contains("webhook_endpoint_gone", sender.Logged);
    }

    [Fact]
    public async Task Without_an_endpoint_there_is_nobody_to_deliver_to()
    {
        await using var sender = new Sender(url: null);

        var result = await sender.SendAsync("dlv_1");

        Assert.Equal(DeliveryOutcome.NoEndpoint, result.Outcome);
        Assert.Contains("Webhook:Url", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Mon, 04 May 2026 12:01:30 GMT", 90)]
    [InlineData("999999999", 86400)]
    [InlineData("99999999999999", 86400)]
    public async Task A_receiver_that_asks_for_patience_gets_it(string retryAfter, int seconds)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await using var sender = new Sender(receiver.Url);

        var result = await sender.SendAsync("dlv_1");

        Assert.Equal(TimeSpan.FromSeconds(seconds), result.RetryAfter);
    }

    [Theory]
    [InlineData("Mon, 04 May 2026 11:00:00 GMT")]
    [InlineData("whenever")]
    [InlineData("0000000000000")]
    public async Task A_retry_after_that_says_nothing_about_the_future_is_left_out(string retryAfter)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await using var sender = new Sender(receiver.Url);

        Assert.Null((await sender.SendAsync("dlv_1")).RetryAfter);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_is_a_failed_attempt()
    {
        var (asked, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var receiver = await Receiver.StartAsync(_ =>
        {
            asked.SetResult();
            return end.Task;
        });
        await using var sender = new Sender(receiver.Url, ("Webhook:Timeout", "00:00:00.200"));

        var sending = sender.SendAsync("dlv_1");
        await asked.Task;
        sender.Time.Advance(TimeSpan.FromMilliseconds(200));
        var result = await sending;
        end.SetResult();

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains("no answer within", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_a_failed_attempt()
    {
        // Bound and not listening: the port is nobody else's meanwhile.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var sender = new Sender($"http://{socket.LocalEndPoint}/alerts");

        Assert.Equal(DeliveryOutcome.Failed, (await sender.SendAsync("dlv_1")).Outcome);
    }

    [Fact]
    public async Task An_endless_answer_is_cut_and_its_control_characters_are_not_repeated()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("no\r\n\u001b[2J", context.RequestAborted);
            }
        });
        await using var sender = new Sender(receiver.Url);

        var result = await sender.SendAsync("dlv_1");

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.InRange(result.Detail.Length, 10, 400);
        Assert.DoesNotContain(result.Detail, char.IsControl);
    }

    [Fact]
    public async Task A_slow_receiver_holds_no_more_messages_than_allowed()
    {
        var release = new TaskCompletionSource();
        var both = new TaskCompletionSource();
        var (inside, most) = (0, 0);
        await using var receiver = await Receiver.StartAsync(async _ =>
        {
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            if (now == 2)
            {
                both.TrySetResult();
            }

            await release.Task;
            Interlocked.Decrement(ref inside);
        });
        await using var sender = new Sender(receiver.Url, ("Webhook:MaxConcurrency", "2"));

        var sends = Enumerable.Range(0, 8).Select(i => sender.SendAsync($"dlv_{i}")).ToArray();
        await both.Task.WaitAsync(TimeSpan.FromSeconds(10));
        release.SetResult();
        var results = await Task.WhenAll(sends).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Messages_wait_for_their_turn_as_long_as_it_takes_and_none_of_them_fails_by_it()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(_ =>
        {
            arrived.TrySetResult();
            return release.Task;
        });
        await using var sender = new Sender(receiver.Url, ("Webhook:MaxConcurrency", "1"), ("Webhook:Timeout", "00:01:00"), ("Alerting:AttemptLease", "00:03:00"));

        var first = sender.SendAsync("dlv_1");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Null(sender.Webhook.TryAcquirePermit(EndpointRoute.DefaultEndpoint));
        var waiting = Enumerable.Range(0, 9).Select(i => sender.SendAsync($"dlv_w{i}")).ToArray();
        Assert.All(waiting, send => Assert.False(send.IsCompleted));
        release.SetResult();
        var results = await Task.WhenAll([first, .. waiting]).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        Assert.Equal(10, receiver.Messages.Count);
        using var turn = sender.Webhook.TryAcquirePermit(EndpointRoute.DefaultEndpoint);
        Assert.NotNull(turn);
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_the_attempt()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(_ =>
        {
            arrived.TrySetResult();
            return release.Task;
        });
        await using var sender = new Sender(receiver.Url);
        using var caller = new CancellationTokenSource();

        var send = sender.SendAsync("dlv_1", caller.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send);
        release.SetResult();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            if (Interlocked.CompareExchange(ref most, value, seen) == seen)
            {
                return;
            }
        }
    }
}
