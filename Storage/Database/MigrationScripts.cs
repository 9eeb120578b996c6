using System.Globalization;
using System.Reflection;

namespace RiskMonitor.Storage.Database;

/// <summary>The numbered scripts that an assembly carries in <c>Schema/</c>, in their order.</summary>
/// <param name="prefix">What the names of the resources begin with, before the number.</param>
internal sealed class MigrationScripts(Assembly assembly, string prefix)
{
    private const string WorksWith = "-- works with programs of schema ";

    private readonly IReadOnlyList<(int Number, string Resource)> _all =
    [
        .. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(prefix.Length, 3), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    public IEnumerable<(int Number, string Name, string Text)> All => _all.Select(script => (script.Number, script.Resource[prefix.Length..], Text(script.Resource)));

    /// <summary>
    /// The oldest schema of which a program must know to use a database to which a script was applied. A script that only adds what older programs do
    /// not need says so in its first line, so that processes of the version before run on while a cluster is upgraded: <c>-- works with programs of schema 2</c>.
    /// </summary>
    public static int WorksFrom(int number, string text) =>
        text.StartsWith(WorksWith, StringComparison.Ordinal) ? int.Parse(text.AsSpan(WorksWith.Length, text.IndexOf('\n', StringComparison.Ordinal) - WorksWith.Length).Trim(), CultureInfo.InvariantCulture) : number;

    /// <summary>The version of a schema to which all of them were applied.</summary>
    public int Newest => _all[^1].Number;

    /// <summary>The scripts that a schema of a version lacks; none for a newer one that this program may use.</summary>
    /// <param name="worksFrom">The oldest schema of which a program must know to use the database.</param>
    /// <param name="database">What the error calls the database.</param>
    /// <param name="another">What to give in its place.</param>
    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public IEnumerable<(int Number, string Name, string Text)> After(long version, long worksFrom, string database, string another) => worksFrom > Newest
        ? throw new InvalidOperationException(
            $"database '{database}' has schema {version}, and this program knows schemas up to {Newest}: run the version that wrote it, or give {another}")
        : All.SkipWhile(script => script.Number <= version);

    private string Text(string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
