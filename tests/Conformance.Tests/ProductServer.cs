using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace RiskMonitor.Conformance.Tests;

/// <summary>The product with its demo book in a process of its own, on a new directory; begun when the first test asks for it.</summary>
public sealed class ProductServer : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("riskmonitor-").FullName;
    private readonly Lazy<Task<ServerProcess>> _server;

    public ProductServer() => _server = new(() => ServerProcess.StartAsync(Built.Program, ["--port", "0", "--data", _data], []));

    internal async Task<string> McpAsync() => (await _server.Value).Mcp;

    /// <summary>An alert that the demo book led to.</summary>
    internal async Task<JsonObject> AlertAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri((await _server.Value).Address) };
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            var answer = await http.GetFromJsonAsync<JsonObject>("/api/v1/alerts", deadline.Token);
            if (answer!["alerts"]!.AsArray() is [JsonObject alert, ..])
            {
                return alert;
            }
        }
        while (await timer.WaitForNextTickAsync(deadline.Token));
        throw new InvalidOperationException("no alert");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }
}

/// <summary>Tests that share one <see cref="ProductServer"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ProductCollection : ICollectionFixture<ProductServer>
{
    public const string Name = "product";
}
