using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_file_that_is_no_database_is_named_with_what_to_do()
    {
        var directory = Directory.CreateTempSubdirectory("riskmonitor-");
        try
        {
            var path = Path.Combine(directory.FullName, "riskmonitor.db");
            await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)'x', 8192)]);
            await using var services = new ServiceCollection().AddSqliteStorage(storage => storage.DatabasePath = path).BuildServiceProvider();

            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<SqliteStorage>().InitialiseAsync(CancellationToken.None));

            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("Restore the file from a backup", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
