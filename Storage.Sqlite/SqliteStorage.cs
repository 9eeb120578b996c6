using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Storage;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.Writing;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The monitor's own SQLite database. Several processes may use one file; each has one writer.</summary>
public sealed partial class SqliteStorage : IStorage, IAsyncDisposable
{
    /// <summary>The one chain of a file: a transaction that writes is alone, so that several processes have it in common.</summary>
    private const string Chain = "main";

    private readonly SqliteStorageOptions _options;
    private readonly WriterMetrics _metrics;
    private readonly ReaderMetrics _readerMetrics;
    private readonly WriterHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteStorage> _logger;
    private readonly SemaphoreSlim _initialising = new(1);
    private SingleThreadScheduler? _writerThread;
    private GroupCommitter<SqliteSession>? _committer;
    private SqliteReaders[]? _readers;

    public SqliteStorage(IOptions<SqliteStorageOptions> options, IMeterFactory meters, TimeProvider time, ILogger<SqliteStorage> logger)
    {
        _options = options.Value;
        _health = new WriterHealth(time);
        _metrics = new WriterMetrics(meters) { Health = _health };
        _readerMetrics = new ReaderMetrics(meters);
        EvidenceHeads = new EvidenceHeads(meters);
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether writes succeed.</summary>
    public IStorageHealth Health => _health;

    internal EvidenceHeads EvidenceHeads { get; }

    /// <summary>Opens the database and brings its schema up to date. Hosts do it by themselves before anything else starts; doing it again changes nothing.</summary>
    /// <exception cref="InvalidOperationException">The database was written by a newer program, or its file cannot be used; the message says what to do.</exception>
    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        await _initialising.WaitAsync(cancellationToken);
        try
        {
            if (_committer is not null)
            {
                return;
            }

            try
            {
                await Task.Run(Migrate, cancellationToken);
            }
            catch (SqliteException error)
            {
                throw new InvalidOperationException($"'{_options.DatabasePath}' cannot be used: {error.Message} {SqliteFaults.RemedyOf(error)}", error);
            }

            _readers = [.. Enum.GetValues<ReadPool>().Select(Readers)];
            _writerThread = new SingleThreadScheduler("SQLite writer");
            _committer = new GroupCommitter<SqliteSession>(
                new SqliteGroupWriter(OpenForWriting, _options.DatabasePath, new EvidenceChain(Chain, SqliteDatabase.Rules, EvidenceHeads, _options.EvidenceKeys, _time), _time, _logger), _options.MaxGroup, _options.QueueCapacity, _metrics, _health, _time, _logger, _writerThread);
        }
        finally
        {
            _initialising.Release();
        }
    }

    /// <summary>Commits what was queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_committer is not null)
        {
            await _committer.DisposeAsync();
        }

        _writerThread?.Dispose();

        foreach (var readers in _readers ?? [])
        {
            readers.Dispose();
        }

        _initialising.Dispose();
    }

    internal Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        RunWriteAsync(session => Task.FromResult(work(session)), cancellationToken);

    /// <param name="work">Completes without waiting for anything but the session.</param>
    internal Task<T> RunWriteAsync<T>(Func<SqliteSession, Task<T>> work, CancellationToken cancellationToken) =>
        (_committer ?? throw NotInitialised()).WriteAsync(work, cancellationToken);

    internal Task<T> ReadAsync<T>(ReadPool pool, Func<SqliteSession, T> read, CancellationToken cancellationToken) =>
        (_readers ?? throw NotInitialised())[(int)pool].ReadAsync(read, cancellationToken);

    /// <summary>A short read.</summary>
    internal Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken) => ReadAsync(ReadPool.LookUp, read, cancellationToken);

    private SqliteReaders Readers(ReadPool pool) => new(pool, OpenForReading, _options.ReadersOf(pool), _options.TimeLimitOf(pool), _readerMetrics, _time);

    private static InvalidOperationException NotInitialised() =>
        new($"the database is not open: await {nameof(SqliteStorage)}.{nameof(InitialiseAsync)} first");

    private void Migrate()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(_options.DatabasePath)) is { } directory)
        {
            PrivateFiles.CreateDirectory(directory);
        }

        if (PrivateFiles.CloseDatabase(_options.DatabasePath) is { Count: > 0 } open)
        {
            LogOpenToOthers(string.Join(", ", open));
        }

        using var session = SqliteSession.Open(_options.DatabasePath, _options.BusyTimeout, mayCreate: true);
        var version = SqliteSchema.Migrate(session, _options.DatabasePath);
        LogOpened(_options.DatabasePath, version, (string)session.Scalar("SELECT sqlite_version()")!);
    }

    private SqliteSession OpenForWriting()
    {
        var session = SqliteSession.Open(_options.DatabasePath, _options.BusyTimeout, mayCreate: false);
        session.Pragma("cache_size = -32768");
        return session;
    }

    private SqliteSession OpenForReading()
    {
        var session = SqliteSession.Open(_options.DatabasePath, _options.BusyTimeout, mayCreate: false);
        session.Pragma("query_only = ON");
        return session;
    }
}
