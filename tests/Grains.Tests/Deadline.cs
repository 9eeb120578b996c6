namespace RiskMonitor.Grains.Tests;

/// <summary>Waits for what must come, and says what did not.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!await condition())
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"within {Patience.TotalSeconds} s: {what}");
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>Repeats a call as its callers do, until it is answered.</summary>
    public static Task RepeatAsync(Func<Task> call) => UntilAsync(
        async () =>
        {
            try
            {
                await call();
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        },
        "the call was answered");
}
