using System.Collections.Concurrent;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Reading connections, used again. A read runs on a pool thread, since SQLite blocks, and sees everything committed before it began.</summary>
internal sealed class SqliteReaders(Func<SqliteSession> open, int atMost) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atMost);
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        if (!_idle.TryTake(out var session))
        {
            session = open();
        }

        try
        {
            var result = read(session);
            _idle.Add(session);
            return result;
        }
        catch
        {
            // Whatever state it is in, nobody else gets it.
            session.Dispose();
            throw;
        }
    }
}
