using System.Runtime.CompilerServices;

namespace RiskMonitor.Testing;

/// <summary>A test that needs a MariaDB server. Skipped, with the reason, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithMariaDbAttribute : FactAttribute
{
    public FactWithMariaDbAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = MariaDbServer.Missing;
    }
}
