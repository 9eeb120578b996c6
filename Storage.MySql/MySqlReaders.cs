using System.Data;
using MySqlConnector;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// One pool of reading connections. A read sees one snapshot of the database, and ends when its caller gives up or, where the pool has one, at its
/// time limit.
/// </summary>
internal sealed class MySqlReaders(ReadPool pool, MySqlDataSource connections, int atMost, TimeSpan? timeLimit, MySqlRetry retry, ReaderMetrics metrics, TimeProvider time)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(atMost);

    public async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        await _free.WaitAsync(cancellationToken);
        try
        {
            metrics.Began(pool, time.GetElapsedTime(askedAt));
            using var limit = timeLimit is { } most ? new CancellationTokenSource(most, time) : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await retry.RunAsync(() => ReadOnceAsync(read, either.Token), either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                metrics.Interrupted(pool);
                throw new TimeoutException($"the database took longer than {timeLimit} to answer; ask for less");
            }
            catch (OperationCanceledException)
            {
                metrics.Interrupted(pool);
                throw;
            }
            catch (MySqlException error) when (error.ErrorCode == MySqlErrorCode.CommandTimeoutExpired)
            {
                metrics.Interrupted(pool);
                throw new TimeoutException("the database took longer than MySql:CommandTimeout to answer", error);
            }
            catch (MySqlException error) when (MySqlFaults.IsOfTheConnection(error))
            {
                throw new IOException($"the database could not be read ({error.Message}); repeat it", error);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task<T> ReadOnceAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenConnectionAsync(cancellationToken);

        // Under REPEATABLE READ a read without locks has one snapshot, and holds up no writer.
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.Snapshot, isReadOnly: true, cancellationToken);
        return await read(new DbSession(connection, cancellationToken));
    }
}
