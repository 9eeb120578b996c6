using System.Text.Json;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The repositories' way to SQLite. Work runs to its end on the thread of its connection, because SQLite has no asynchronous calls.</summary>
internal sealed class SqliteDatabase(SqliteStorage storage) : IDatabase
{
    public SqlDialect Dialect { get; } = Rules;

    /// <summary>How SQLite says things.</summary>
    public static SqlDialect Rules { get; } = new SqliteDialect();

    public EvidenceHeads Evidence => storage.EvidenceHeads;

    public bool IsOfTheRow(Exception error) => SqliteFaults.IsOfTheRow(error);

    public Task<T> ReadAsync<T>(ReadPool pool, Func<DbSession, Task<T>> read, CancellationToken cancellationToken) =>
        storage.ReadAsync(
            pool,
            session => session.InOneSnapshot(snapshot =>
            {
                var work = read(snapshot.ForRepositories(cancellationToken));
                snapshot.Complete(work);
                return work.Result;
            }),
            cancellationToken);

    public Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken) =>
        storage.RunWriteAsync(session => write(session.ForRepositories(CancellationToken.None)), cancellationToken);

    private sealed class SqliteDialect : SqlDialect
    {
        public override string InsertIfNew => "INSERT OR IGNORE INTO";

        public override string Greatest => "max";

        public override string Least => "min";

        public override string NewestDesk => "SELECT coalesce(max(desk_id), 0) FROM desks";

        public override string ByIndex(string index) => $"INDEXED BY {index}";

        /// <summary>A transaction that writes is alone.</summary>
        public override string ForUpdate => "";

        /// <summary>Programs of the version before refuse a newer file.</summary>
        public override TimeSpan Upgrade => TimeSpan.Zero;

        public override string IsOneOf(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

        public override object Texts(IReadOnlyCollection<string> texts) => JsonSerializer.Serialize(texts);

        public override Task LockAsync(DbSession db, WriteLock which) => Task.CompletedTask;
    }
}
