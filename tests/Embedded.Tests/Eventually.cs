namespace RiskMonitor.Embedded.Tests;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Task IsTrueAsync(string what, Func<Task<bool>> condition) => FindAsync(what, async () => await condition() ? "" : null);

    public static Task IsTrueAsync(string what, Func<bool> condition) => IsTrueAsync(what, () => Task.FromResult(condition()));

    /// <returns>What <paramref name="find"/> found as soon as it is not null.</returns>
    public static async Task<T> FindAsync<T>(string what, Func<Task<T?>> find)
        where T : class
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(Look);
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
                throw new TimeoutException($"within {Deadline.TotalSeconds:0} s it did not come true that {what}");
            }
        }
    }
}
