using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Tests.World;

namespace RiskMonitor.UseCases.Tests.Exposures;

public sealed class FeedReadingsTests
{
    private readonly Book _book = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FeedReadings _readings;

    public FeedReadingsTests() => _readings = new(BookGrains.Over(_book), Options.Create(new UseCaseOptions()), _time);

    [Fact]
    public async Task Questions_of_the_same_half_second_ask_the_grain_once()
    {
        var first = await _readings.OfAsync(null);
        _time.Advance(FeedReadings.MostAge - TimeSpan.FromTicks(1));

        Assert.Same(first, await _readings.OfAsync(null));
        Assert.Equal(1, _book.StatusReads);
    }

    [Fact]
    public async Task After_half_a_second_the_grain_is_asked_again()
    {
        await _readings.OfAsync(null);
        _book.FeedStatus = new FeedStatus(FeedState.Unproven, null, null, ["a change could not be read"]);
        _time.Advance(FeedReadings.MostAge);

        Assert.Equal(FeedState.Unproven, (await _readings.OfAsync(null)).State);
    }

    [Fact]
    public async Task A_desk_and_the_whole_feed_have_readings_of_their_own()
    {
        await _readings.OfAsync(null);
        await _readings.OfAsync("Rates");
        await _readings.OfAsync("");
        await _readings.OfAsync("Rates");

        Assert.Equal(3, _book.StatusReads);
    }

    [Fact]
    public async Task Questions_at_the_same_time_wait_for_one_answer_of_the_grain()
    {
        var answer = new TaskCompletionSource();
        var asked = 0;
        _book.Before = () =>
        {
            Interlocked.Increment(ref asked);
            return answer.Task;
        };

        var waiting = Enumerable.Range(0, 50).Select(_ => Task.Run(() => _readings.OfAsync("Rates"))).ToList();
        await Eventually.IsTrueAsync("the grain is asked", () => Task.FromResult(Volatile.Read(ref asked) > 0));
        answer.SetResult();

        Assert.Single((await Task.WhenAll(waiting)).Distinct());
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        _book.Before = () => Task.FromException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => _readings.OfAsync(null));
        _book.Before = () => Task.CompletedTask;

        Assert.Equal(FeedState.Live, (await _readings.OfAsync(null)).State);
    }

    [Fact]
    public async Task A_failure_after_a_success_is_not_hidden_by_it()
    {
        await _readings.OfAsync(null);
        _book.Before = () => Task.FromException(new TimeoutException());
        _time.Advance(FeedReadings.MostAge);

        await Assert.ThrowsAsync<TimeoutException>(() => _readings.OfAsync(null));
    }

    [Fact]
    public async Task A_grain_that_does_not_answer_is_asked_again_after_half_a_second()
    {
        _book.Before = () => new TaskCompletionSource().Task;
        var lost = _readings.OfAsync(null);
        _book.Before = () => Task.CompletedTask;
        _time.Advance(FeedReadings.MostAge);

        Assert.Equal(FeedState.Live, (await _readings.OfAsync(null)).State);
        Assert.False(lost.IsCompleted);
    }

    [Fact]
    public async Task A_check_of_the_grain_asks_it_each_time()
    {
        await _readings.OfAsync(null);
        await _readings.NowAsync();
        await _readings.NowAsync();

        Assert.Equal(3, _book.StatusReads);
    }
}
