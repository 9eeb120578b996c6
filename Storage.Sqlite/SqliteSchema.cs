using System.Globalization;
using System.Reflection;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Brings a database to the newest schema by the numbered scripts in <c>Schema/</c>.</summary>
internal static class SqliteSchema
{
    private const string ResourcePrefix = "RiskMonitor.Storage.Sqlite.Schema.";

    private static readonly IReadOnlyList<(int Number, string Resource)> Migrations =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(ResourcePrefix.Length, 3), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    public static int Newest => Migrations[^1].Number;

    /// <returns>The schema's version.</returns>
    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public static int Migrate(SqliteSession session, string path)
    {
        // Two processes may start at once: the second waits here and finds the work done.
        session.Execute("BEGIN IMMEDIATE");
        session.Script("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        var found = session.Scalar("SELECT max(version) FROM schema_version") is long version ? (int)version : 0;
        if (found > Newest)
        {
            throw new InvalidOperationException(
                $"database '{path}' has schema {found}, and this program knows schemas up to {Newest}: run the version that wrote it, or give another database file");
        }

        foreach (var (number, resource) in Migrations.Where(migration => migration.Number > found))
        {
            session.Script(Text(resource));
            session.Execute("INSERT INTO schema_version (version, name) VALUES (?1, ?2)", number, resource[ResourcePrefix.Length..]);
        }

        session.Execute("COMMIT");
        return Newest;
    }

    /// <summary>The script that makes a version of the one before.</summary>
    public static string Script(int number) => Text(Migrations.Single(migration => migration.Number == number).Resource);

    private static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
