[assembly: AssemblyFixture(typeof(RiskMonitor.Storage.Tests.SharedMariaDb))]

namespace RiskMonitor.Storage.Tests;

/// <summary>The MariaDB server of all tests, started by the first one that needs it. Tests that stop a server start their own.</summary>
public sealed class SharedMariaDb : IAsyncDisposable
{
    private static readonly Lazy<Task<MariaDbServer>> s_server = new(MariaDbServer.StartAsync);

    /// <summary>Skips the test, with the reason, where there can be none.</summary>
    internal static Task<MariaDbServer> GetAsync()
    {
        SkipWhereMissing();
        return s_server.Value;
    }

    internal static void SkipWhereMissing() => Assert.SkipWhen(MariaDbServer.Missing is not null, MariaDbServer.Missing ?? "");

    public async ValueTask DisposeAsync()
    {
        if (s_server.IsValueCreated)
        {
            await (await s_server.Value).DisposeAsync();
        }
    }
}
