using Microsoft.Extensions.Configuration;

namespace RiskMonitor.Host.Tests.Metrics;

/// <summary>A host that runs inside the test's process, beside others.</summary>
internal sealed class HostInThisProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<int> _running = Task.FromResult(0);

    public string Data => _data.Path;

    public HttpClient Http { get; } = new();

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<HostInThisProcess> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new HostInThisProcess();
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([new("Port", "0"), new("Demo", "false"), new("Data", host.Data), new("Logging:LogLevel:Default", "Error"), new("Logging:LogLevel:Orleans", "Error"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))])
                .Build();
            host._running = Task.Run(() => host.RunAsync(configuration));
            var first = await Task.WhenAny(host._ready.Task, host._running).WaitAsync(TimeSpan.FromSeconds(120));
            await first;
            host.Http.BaseAddress = new Uri(await host._ready.Task);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Http.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private async Task<int> RunAsync(IConfiguration configuration)
    {
        using var data = DataDirectory.Acquire(Data);
        return await MonitorHost.RunAsync(configuration, data, TextWriter.Null, serve: async (url, stopping) =>
        {
            _ready.TrySetResult(url);
            await _done.Task.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
    }
}
