using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Evidence;

namespace RiskMonitor.Storage.MySql;

/// <summary>The repositories' way to MySQL and MariaDB.</summary>
internal sealed class MySqlDatabase(MySqlStorage storage) : IDatabase
{
    public SqlDialect Dialect { get; } = Rules;

    /// <summary>How MySQL and MariaDB say things.</summary>
    public static SqlDialect Rules { get; } = new MySqlDialect();

    public EvidenceHeads Evidence => storage.EvidenceHeads;

    public bool IsOfTheRow(Exception error) => MySqlFaults.IsOfTheRow(error);

    public Task<T> ReadAsync<T>(ReadPool pool, Func<DbSession, Task<T>> read, CancellationToken cancellationToken) => storage.ReadAsync(pool, read, cancellationToken);

    public Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken) =>
        storage.WriteAsync((_, db) => write(db), cancellationToken);

    private sealed class MySqlDialect : SqlDialect
    {
        public override string InsertIfNew => "INSERT IGNORE INTO";

        public override string Greatest => "GREATEST";

        public override string Least => "LEAST";

        /// <summary>The greatest id would be wrong: ids are taken before the commit, and a desk may commit after one with a greater id.</summary>
        public override string NewestDesk => "SELECT count(*) FROM desks";

        public override string ByIndex(string index) => $"FORCE INDEX ({index})";

        public override string ForUpdate => "FOR UPDATE";

        public override TimeSpan Upgrade => TimeSpan.FromHours(1);

        /// <summary>The parameter is a list, for each of whose elements Dapper makes a parameter.</summary>
        public override string IsOneOf(string column, string parameter) => $"{column} IN {parameter}";

        public override object Texts(IReadOnlyCollection<string> texts) => texts.ToArray();

        public override Task LockAsync(DbSession db, WriteLock which) =>
            db.ScalarAsync<long>("SELECT value FROM write_locks WHERE name = @Name FOR UPDATE", new { Name = Name(which) });

        private static string Name(WriteLock which) => which switch
        {
            WriteLock.Limits => "limits",
            WriteLock.States => "states",
            WriteLock.ProtectionKeys => "protection_keys",
            _ => "users",
        };
    }
}
