namespace RiskMonitor.Testing;

/// <summary>Whole captures of real connectors, where they lie beside the repository (<c>../shared/data/debezium</c>) or where <c>RISKMONITOR_CAPTURES</c> says.</summary>
internal static class WholeCaptures
{
    /// <summary>Null where there are none.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("RISKMONITOR_CAPTURES") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var beside = Path.Combine(folder.FullName, "shared", "data", "debezium");
            if (Directory.Exists(beside))
            {
                return beside;
            }
        }

        return null;
    }
}
