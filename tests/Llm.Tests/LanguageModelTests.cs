using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RiskMonitor.Llm.Tests;

public sealed class LanguageModelTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly LlmMetrics s_metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    [Fact]
    public async Task No_more_requests_are_on_their_way_than_may_be_and_only_a_few_wait()
    {
        var client = new Client((_, token) => Task.Delay(Timeout.Infinite, token));
        using var model = Model(client, options => options.MostConcurrent = 2);
        using var enough = new CancellationTokenSource();

        // Two on their way, eight that wait, and five for whom there is no room.
        var asking = Enumerable.Range(0, 15).Select(_ => AskAsync(model, enough.Token)).ToList();
        var busy = await Task.WhenAll(asking.Where(task => task.IsCompleted).Select(task => Assert.ThrowsAsync<LlmException>(() => task)));

        Assert.Equal(5, busy.Length);
        Assert.All(busy, failed => Assert.Equal(LlmFailure.Busy, failed.Failure));
        Assert.Equal(2, client.Requests.Count);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking[0]);
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_turn_does_without()
    {
        using var model = Model(new Client((_, token) => Task.Delay(Timeout.Infinite, token)), options => options.MostConcurrent = 1);
        using var enough = new CancellationTokenSource();
        var first = AskAsync(model, enough.Token);

        var failed = await Assert.ThrowsAsync<LlmException>(() => model.AskAsync("ask", [], [], TimeSpan.FromMilliseconds(200), CancellationToken.None));

        Assert.Equal(LlmFailure.Busy, failed.Failure);
        Assert.False(first.IsCompleted);
        await enough.CancelAsync();
    }

    [Fact]
    public async Task What_may_pass_is_tried_once_more_and_what_will_not_is_not()
    {
        var passing = new Client((number, _) => number == 0 ? throw new HttpRequestException("reset") : Task.CompletedTask);
        var lasting = new Client((_, _) => throw new FormatException("nonsense"));
        using var first = Model(passing);
        using var second = Model(lasting);

        Assert.Equal("yes", (await AskAsync(first, CancellationToken.None)).Text);
        var failed = await Assert.ThrowsAsync<LlmException>(() => AskAsync(second, CancellationToken.None));

        Assert.Equal(2, passing.Requests.Count);
        Assert.Equal(LlmFailure.Failed, failed.Failure);
        Assert.Single(lasting.Requests);
    }

    [Fact]
    public async Task A_model_that_is_slow_each_time_is_left_alone_for_a_while_and_then_tried_again()
    {
        var isSlow = true;
        var client = new Client((_, token) => isSlow ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask);
        using var model = Model(client, options =>
        {
            options.CallTimeout = TimeSpan.FromMilliseconds(100);
            options.BreakerLeastCalls = 2;
            options.BreakerPause = TimeSpan.FromMilliseconds(500);
        });
        Assert.Equal(LlmFailure.Slow, (await Assert.ThrowsAsync<LlmException>(() => AskAsync(model, CancellationToken.None))).Failure);
        Assert.Equal(LlmFailure.Slow, (await Assert.ThrowsAsync<LlmException>(() => AskAsync(model, CancellationToken.None))).Failure);

        var began = Stopwatch.GetTimestamp();
        Assert.Equal(LlmFailure.Resting, (await Assert.ThrowsAsync<LlmException>(() => AskAsync(model, CancellationToken.None))).Failure);
        Assert.Equal(2, client.Requests.Count);

        isSlow = false;
        var deadline = TimeSpan.FromSeconds(20);
        while (Stopwatch.GetElapsedTime(began) < deadline)
        {
            try
            {
                Assert.Equal("yes", (await AskAsync(model, CancellationToken.None)).Text);
                return;
            }
            catch (LlmException resting) when (resting.Failure == LlmFailure.Resting)
            {
                await Task.Yield();
            }
        }

        Assert.Fail("the model was left alone for ever");
    }

    [Fact]
    public async Task Callers_who_give_up_are_no_fault_of_the_model()
    {
        var client = new Client((number, token) => number < 10 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask);
        using var model = Model(client, options => options.BreakerLeastCalls = 2);
        for (var i = 0; i < 10; i++)
        {
            using var giveUp = new CancellationTokenSource();
            var asking = AskAsync(model, giveUp.Token);
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        Assert.Equal("yes", (await AskAsync(model, CancellationToken.None)).Text);
    }

    private static Task<ChatResponse> AskAsync(LanguageModel model, CancellationToken cancellationToken) =>
        model.AskAsync("ask", [new ChatMessage(ChatRole.User, "?")], [], s_patience, cancellationToken);

    private static LanguageModel Model(IChatClient client, Action<LlmOptions>? configure = null)
    {
        var options = new LlmOptions { Endpoint = "http://127.0.0.1/v1", Model = "m" };
        configure?.Invoke(options);
        return new LanguageModel(client, Options.Create(options), s_metrics, TimeProvider.System, NullLogger<LanguageModel>.Instance);
    }

    /// <summary>A model that says yes, after what the test has it do with the request of a number.</summary>
    private sealed class Client(Func<int, CancellationToken, Task> before) : IChatClient
    {
        public ConcurrentQueue<int> Requests { get; } = new();

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var number = Requests.Count;
            Requests.Enqueue(number);
            await before(number, cancellationToken);
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, "yes"));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
