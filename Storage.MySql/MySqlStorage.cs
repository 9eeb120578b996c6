using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;
using RiskMonitor.Risk.Storage;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.Writing;

namespace RiskMonitor.Storage.MySql;

/// <summary>
/// The monitor's own database on MySQL or MariaDB, shared by all processes of a cluster. The journal has a group committer; every other write is a
/// transaction of its own, so that one which waits for a lock holds up no desk.
/// </summary>
public sealed partial class MySqlStorage : IStorage, IAsyncDisposable
{
    private readonly MySqlStorageOptions _options;
    private readonly WriterMetrics _metrics;
    private readonly ReaderMetrics _readerMetrics;
    private readonly WriterHealth _health;
    private readonly MySqlRetry _retry;
    private readonly TimeProvider _time;
    private readonly ILogger<MySqlStorage> _logger;
    private readonly SemaphoreSlim _initialising = new(1);
    private readonly SemaphoreSlim _writers;
    private MySqlDataSource? _writing;
    private GroupCommitter<MySqlJournalSession>? _journal;
    private MySqlReaders[]? _readers;
    private readonly ConcurrentStack<EvidenceChain> _chains = new();
    private long _process;
    private int _chainsMade;
    private long _nextWriter;

    public MySqlStorage(IOptions<MySqlStorageOptions> options, IMeterFactory meters, TimeProvider time, ILogger<MySqlStorage> logger)
    {
        _options = options.Value;
        _health = new WriterHealth(time);
        _metrics = new WriterMetrics(meters) { Health = _health };
        _readerMetrics = new ReaderMetrics(meters);
        EvidenceHeads = new EvidenceHeads(meters);
        _retry = new MySqlRetry(_options.WriteRetries, _metrics, time, error => LogRepeated(error.Message));
        _writers = new SemaphoreSlim(_options.MaxWriters);
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether writes succeed.</summary>
    public IStorageHealth Health => _health;

    internal EvidenceHeads EvidenceHeads { get; }

    /// <summary>The schema that this program knows.</summary>
    public int SchemaVersion => MySqlSchema.Scripts.Newest;

    /// <summary>
    /// Waits for the server, and brings the schema up to date. Hosts do it by themselves before anything else starts; doing it again changes nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server refuses, or the database was written by a newer program; the message says what to do.</exception>
    public async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        await _initialising.WaitAsync(cancellationToken);
        try
        {
            if (_journal is not null)
            {
                return;
            }

            // The process's number makes the numbers of its writers its own, whatever other processes there are.
            _process = await new MySqlOpening(Source("schema", 1), LogOpened, LogWaiting, LogMigrating, LogNotDurable, LogSmallPackets, LogNotEncrypted, _time).OpenAsync(cancellationToken);
            _nextWriter = _process << 32;
            _writing = Source("writers", _options.MaxWriters, MySqlSession.IdleInPool);
            _readers = [.. Enum.GetValues<ReadPool>().Select(Readers)];
            _journal = new GroupCommitter<MySqlJournalSession>(
                new MySqlGroupWriter(Source("journal", 1, MySqlSession.IdleInPool), _retry, _time), _options.MaxGroup, _options.QueueCapacity, _metrics, _health, _time, _logger, TaskScheduler.Default);
        }
        finally
        {
            _initialising.Release();
        }
    }

    /// <summary>Commits what was queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        foreach (var readers in _readers ?? [])
        {
            await readers.DisposeAsync();
        }

        if (_writing is not null)
        {
            await _writing.DisposeAsync();
        }

        _initialising.Dispose();
    }

    /// <summary>A number that no other writer of the cluster has.</summary>
    internal long NextWriter() => Interlocked.Increment(ref _nextWriter);

    /// <summary>Queues work for the journal's next group.</summary>
    internal Task<bool> JournalAsync(Action<MySqlJournalSession> work, CancellationToken cancellationToken) =>
        (_journal ?? throw NotInitialised()).WriteAsync(
            session =>
            {
                work(session);
                return Task.FromResult(true);
            },
            cancellationToken);

    internal Task<T> ReadAsync<T>(ReadPool pool, Func<DbSession, Task<T>> read, CancellationToken cancellationToken) =>
        (_readers ?? throw NotInitialised())[(int)pool].ReadAsync(read, cancellationToken);

    internal async Task<T> WriteAsync<T>(Func<MySqlConnection, DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        var connections = _writing ?? throw NotInitialised();
        await _writers.WaitAsync(cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Once it has begun it is not cancelled: its caller could not know whether it took place.
            return await _retry.RunAsync(() => WriteOnceAsync(connections, write), CancellationToken.None);
        }
        catch (Exception error) when (error is not StorageWriteException && MySqlFaults.IsOfTheServer(error))
        {
            ProbeSoon();
            throw StorageWriteException.NothingWritten(error);
        }
        finally
        {
            _writers.Release();
        }
    }

    private async Task<T> WriteOnceAsync<T>(MySqlDataSource connections, Func<MySqlConnection, DbSession, Task<T>> write)
    {
        await using var connection = await connections.OpenConnectionAsync();
        var evidence = new List<EvidenceDraft>();
        var db = new DbSession(connection, CancellationToken.None, evidence);
        await db.ExecuteAsync(MySqlSession.Bounds);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        var result = await write(connection, db);
        if (evidence.Count == 0)
        {
            await CommitAsync(transaction);
            return result;
        }

        // Each transaction under way has a chain of its own, so that none waits for the commit of another. Quiet processes need one alone.
        var chain = _chains.TryPop(out var free) ? free : NewChain();
        try
        {
            await chain.AppendAsync(db, evidence);
            await CommitAsync(transaction);
            chain.Committed();
        }
        finally
        {
            _chains.Push(chain);
        }

        return result;
    }

    private static async Task CommitAsync(MySqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync();
        }
        catch (Exception error)
        {
            throw StorageWriteException.CommitFailed(error);
        }
    }

    private EvidenceChain NewChain() => new(
        string.Create(CultureInfo.InvariantCulture, $"w{_process}-{Interlocked.Increment(ref _chainsMade)}"), MySqlDatabase.Rules, EvidenceHeads, _options.EvidenceKeys, _time);

    /// <summary>Whether the database can be written is known from the journal, which repeats a probe until it succeeds.</summary>
    private void ProbeSoon() =>
        _ = JournalAsync(session => session.IsProbe = true, CancellationToken.None).ContinueWith(
            static probe => probe.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private MySqlReaders Readers(ReadPool pool)
    {
        var atMost = _options.ReadersOf(pool);
        return new MySqlReaders(pool, Source($"{pool}", atMost), atMost, _options.TimeLimitOf(pool), _retry, _readerMetrics, _time);
    }

    /// <param name="idle">How long an unused connection stays in the pool; null: the driver's default.</param>
    private MySqlDataSource Source(string purpose, int atMost, TimeSpan? idle = null)
    {
        var parts = new MySqlConnectionStringBuilder(_options.ConnectionString)
        {
            ApplicationName = $"riskmonitor {purpose}",
            MaximumPoolSize = (uint)atMost,
            ConnectionTimeout = (uint)Math.Ceiling(_options.ConnectTimeout.TotalSeconds),
            DefaultCommandTimeout = (uint)Math.Ceiling(_options.CommandTimeout.TotalSeconds),
            CharacterSet = "utf8mb4",
            GuidFormat = MySqlGuidFormat.None,

            // A session has one transaction, which Dapper need not be told.
            IgnoreCommandTransaction = true,
            UseAffectedRows = false,
        };
        if (idle is { } most)
        {
            parts.ConnectionIdleTimeout = (uint)most.TotalSeconds;
        }

        return new MySqlDataSource(parts.ConnectionString);
    }

    private static InvalidOperationException NotInitialised() =>
        new($"the database is not open: await {nameof(MySqlStorage)}.{nameof(InitialiseAsync)} first");
}
