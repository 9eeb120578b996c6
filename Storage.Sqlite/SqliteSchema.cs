using System.Reflection;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Brings a database to the newest schema by the numbered scripts in <c>Schema/</c>.</summary>
internal static class SqliteSchema
{
    public static MigrationScripts Scripts { get; } = new(Assembly.GetExecutingAssembly(), "RiskMonitor.Storage.Sqlite.Schema.");

    /// <returns>The schema's version.</returns>
    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public static int Migrate(SqliteSession session, string path)
    {
        // Two processes may start at once: the second waits here and finds the work done.
        session.Execute("BEGIN IMMEDIATE");
        session.Script("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        var found = session.Scalar("SELECT max(version) FROM schema_version") is long version ? version : 0;
        foreach (var (number, name, text) in Scripts.After(found, worksFrom: found, path, "another database file"))
        {
            session.Script(text);
            session.Execute("INSERT INTO schema_version (version, name) VALUES (?1, ?2)", number, name);
        }

        session.Execute("COMMIT");
        return Scripts.Newest;
    }
}
