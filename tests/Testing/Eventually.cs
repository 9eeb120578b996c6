namespace RiskMonitor.Testing;

/// <summary>Waits for a condition instead of for a time. The deadline only ends a test that has failed; no verdict depends on how long it is.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    public static Task IsTrueAsync(string what, Func<bool> condition) => IsTrueAsync(what, () => Task.FromResult(condition()));

    public static Task IsTrueAsync(string what, Func<Task<bool>> condition) => FindAsync(what, async () => await condition() ? "" : null);

    /// <returns>What <paramref name="find"/> found as soon as it is not null.</returns>
    public static async Task<T> FindAsync<T>(string what, Func<Task<T?>> find)
        where T : class
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        using var timer = new PeriodicTimer(s_pause);
        while (true)
        {
            if (await find() is { } found)
            {
                return found;
            }

            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"within {s_deadline.TotalSeconds:0} s it did not become true that {what}");
            }
        }
    }

    /// <summary>Repeats a call, as its callers do, until it does not fail.</summary>
    public static async Task SucceedsAsync(string what, Func<Task> call)
    {
        Exception? last = null;
        try
        {
            await IsTrueAsync(what, async () =>
            {
                try
                {
                    await call();
                    return true;
                }
                catch (Exception exception)
                {
                    last = exception;
                    return false;
                }
            });
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException(timeout.Message, last);
        }
    }
}
