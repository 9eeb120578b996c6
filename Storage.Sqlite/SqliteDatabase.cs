using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>The repositories' way to SQLite. Work runs to its end on the thread of its connection, because SQLite has no asynchronous calls.</summary>
internal sealed class SqliteDatabase(SqliteStorage storage) : IDatabase
{
    public SqlDialect Dialect { get; } = new SqliteDialect();

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

        public override string ForUpdate => "";

        public override string ByIndex(string index) => $"INDEXED BY {index}";

        public override string IsInJsonArray(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";
    }
}
