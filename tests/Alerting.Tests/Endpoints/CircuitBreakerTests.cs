using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Endpoints;

public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider _time = new(Sender.Noon);

    [Fact]
    public async Task An_endpoint_that_fails_is_left_alone_and_tried_by_one_message_until_it_answers()
    {
        var answers = 500;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref answers);
            return Task.CompletedTask;
        });
        await using var endpoints = new TestEndpoints(
            [("Alerting:BreakAfter", "3"), ("Alerting:BreakFor", "00:00:20"), .. TestEndpoints.Webhook(0, "ops", receiver.Url)]);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(DeliveryOutcome.Failed, (await endpoints.SendAsync("ops", $"dlv_{i}")).Outcome);
        }

        Assert.Null(endpoints.Sender.TryAcquirePermit("ops"));
        var waiting = Enumerable.Range(3, 5).Select(i => endpoints.SendAsync("ops", $"dlv_{i}")).ToList();
        Assert.All(waiting, send => Assert.False(send.IsCompleted));
        Assert.Equal(3, receiver.Messages.Count);

        // One tries it and fails; the others go on waiting.
        endpoints.Time.Advance(TimeSpan.FromSeconds(20));
        await Eventually.IsTrueAsync("one message tried the endpoint", () => waiting.Count(send => send.IsCompleted) == 1);
        Assert.Equal(4, receiver.Messages.Count);

        Volatile.Write(ref answers, 200);
        await Eventually.IsTrueAsync("all are delivered", () =>
        {
            // Short steps, so that no message that is on its way times out on a machine under load.
            endpoints.Time.Advance(TimeSpan.FromMilliseconds(100));
            return waiting.TrueForAll(send => send.IsCompleted);
        });
        Assert.Equal(4, (await Task.WhenAll(waiting)).Count(result => result.Outcome == DeliveryOutcome.Delivered));
        using var permit = endpoints.Sender.TryAcquirePermit("ops");
        Assert.NotNull(permit);
    }

    [Fact]
    public void A_probe_that_was_not_sent_lets_the_next_message_try()
    {
        var breaker = new CircuitBreaker(1, TimeSpan.FromSeconds(20), _time);
        Assert.True(breaker.Count(succeeded: false));
        Assert.Equal(TimeSpan.FromSeconds(20), breaker.Enter(out _));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(breaker.Enter(out var isProbe));
        Assert.True(isProbe);
        Assert.NotNull(breaker.Enter(out _));
        breaker.EndProbe();
        Assert.Null(breaker.Enter(out isProbe));
        Assert.True(isProbe);
        Assert.False(breaker.Count(succeeded: true));
        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_leave_an_endpoint_alone_for_longer()
    {
        var breaker = new CircuitBreaker(1, TimeSpan.FromSeconds(20), _time);
        breaker.Count(succeeded: false);
        _time.AdjustTime(Sender.Noon.AddHours(-3));
        Assert.Null(breaker.Enter(out _));
    }
}
