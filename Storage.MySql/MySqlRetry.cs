using RiskMonitor.Storage.Writing;

namespace RiskMonitor.Storage.MySql;

/// <summary>Repeats transactions of which nothing was written, with growing pauses.</summary>
internal sealed class MySqlRetry(int most, WriterMetrics metrics, TimeProvider time, Action<Exception> repeated)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    /// <param name="attempt">Runs the whole transaction. What it throws as <see cref="StorageWriteException"/> is not repeated.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var failed = 0; ; failed++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception error) when (failed < most && error is not StorageWriteException
                && (MySqlFaults.IsOfAnotherTransaction(error) || MySqlFaults.IsOfTheConnection(error)))
            {
                metrics.Repeated(MySqlFaults.Reason(error));
                repeated(error);
                var pause = s_first * Math.Pow(2, failed);
                pause = pause > s_longest ? s_longest : pause;

                // Two transactions that stopped each other must not meet again after the same pause.
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            }
        }
    }
}
