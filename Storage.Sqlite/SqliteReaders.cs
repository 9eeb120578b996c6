using System.Threading.Channels;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// One pool of reading connections, each on a thread of its own, because SQLite blocks. A read sees everything committed before it began, and
/// ends when its caller gives up or, where the pool has one, at its time limit.
/// </summary>
internal sealed class SqliteReaders(
    ReadPool pool, Func<SqliteSession> open, int atMost, TimeSpan? timeLimit, ReaderMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly Channel<ReadOperation> _queue = Channel.CreateUnbounded<ReadOperation>();
    private int _waiting;
    private int _idle;
    private int _threads;

    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var operation = new ReadOperation<T>(read) { AskedAt = time.GetTimestamp() };
        using var givenUp = cancellationToken.UnsafeRegister(static (state, token) => ((ReadOperation<T>)state!).Cancel(token), operation);
        Interlocked.Increment(ref _waiting);
        if (!_queue.Writer.TryWrite(operation))
        {
            throw new ObjectDisposedException(nameof(SqliteReaders), "the storage was closed before this read");
        }

        StartThread();
        return await operation.Task;
    }

    /// <summary>Reads that run end; connections close with their threads.</summary>
    public void Dispose() => _queue.Writer.TryComplete();

    private void StartThread()
    {
        if (Volatile.Read(ref _waiting) <= Volatile.Read(ref _idle))
        {
            return;
        }

        if (Interlocked.Increment(ref _threads) <= atMost)
        {
            new Thread(Run) { IsBackground = true, Name = $"SQLite reader ({pool})" }.Start();
        }
        else
        {
            Interlocked.Decrement(ref _threads);
        }
    }

    private void Run()
    {
        SqliteSession? session = null;
        while (Next() is { } operation)
        {
            metrics.Began(pool, time.GetElapsedTime(operation.AskedAt));
            try
            {
                session ??= open();
            }
            catch (Exception error)
            {
                operation.Fail(error);
                continue;
            }

            using (Limit(operation))
            {
                if (!operation.Run(session))
                {
                    session.Dispose();
                    session = null;
                }
            }

            if (operation.IsInterrupted)
            {
                metrics.Interrupted(pool);
            }
        }

        session?.Dispose();
    }

    private ReadOperation? Next()
    {
        Interlocked.Increment(ref _idle);
        while (true)
        {
            if (_queue.Reader.TryRead(out var operation))
            {
                // In this order: a read that comes in between must not count on this thread.
                Interlocked.Decrement(ref _idle);
                Interlocked.Decrement(ref _waiting);
                return operation;
            }

            var more = _queue.Reader.WaitToReadAsync();
            if (!(more.IsCompletedSuccessfully ? more.Result : more.AsTask().GetAwaiter().GetResult()))
            {
                return null;
            }
        }
    }

    private ITimer? Limit(ReadOperation operation) => timeLimit is not { } limit ? null : time.CreateTimer(
        static state =>
        {
            var (slow, most) = ((ReadOperation, TimeSpan))state!;
            slow.Interrupt($"the database took longer than {most} to answer; ask for less");
        },
        (operation, limit),
        limit,
        Timeout.InfiniteTimeSpan);
}
