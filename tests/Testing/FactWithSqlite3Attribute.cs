using System.Runtime.CompilerServices;

namespace RiskMonitor.Testing;

/// <summary>Skipped, with the reason, where there is no sqlite3 program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithSqlite3Attribute : FactAttribute
{
    public FactWithSqlite3Attribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "sqlite3")));
        Skip = isThere ? null : "the sqlite3 program is not installed (Debian package sqlite3)";
    }
}
