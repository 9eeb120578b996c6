using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using RiskMonitor.Alerting;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.McpFrontend.Tests.World;

/// <summary>The frontend on a port of its own, over a book.</summary>
internal sealed class Frontend : IAsyncDisposable
{
    /// <summary>Timeouts that no load of the machine reaches; a test that is about one sets it.</summary>
    private static readonly Dictionary<string, string?> s_patient = new()
    {
        ["Frontend:CallTimeout"] = "00:01:00",
        ["Frontend:ReadyTimeout"] = "00:01:00",
        ["Llm:Timeout"] = "00:01:00",
        ["Llm:CallTimeout"] = "00:01:00",
    };

    private readonly WebApplication _app;

    private Frontend(WebApplication app, Book book, Registry registry)
    {
        _app = app;
        Book = book;
        Registry = registry;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public Book Book { get; }

    /// <summary>Without users at first, so that everybody on this machine is its administrator.</summary>
    public Registry Registry { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<Frontend> StartAsync(Book book, params (string Key, string Value)[] settings) => StartAsync(book, new Registry(), settings);

    public static Task<Frontend> StartAsync(Book book, Registry registry, params (string Key, string Value)[] settings) => StartAsync(book, registry, TimeProvider.System, settings);

    public static Task<Frontend> StartAsync(Book book, Registry registry, TimeProvider time, params (string Key, string Value)[] settings) =>
        StartAsync(book, registry, time, AlertLinks.None, settings);

    /// <param name="links">Those that messages carry.</param>
    public static async Task<Frontend> StartAsync(Book book, Registry registry, TimeProvider time, AlertLinks links, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(ServerBounds.Apply);
        builder.Configuration.AddInMemoryCollection(s_patient).AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.Services
            .AddSingleton(time)
            .AddSingleton(links)
            .AddSingleton(BookGrains.Over(book))
            .AddSingleton<IDeskJournalReader>(book)
            .AddSingleton<ILimitStore>(book)
            .AddSingleton<IAlertQueries>(book)
            .AddSingleton<IDeliveryLog>(book)
            .AddSingleton<IEndpointStore>(book)
            .AddSingleton<IAlertGroupStore>(book)
            .AddEndpointRules()
            .AddSingleton<IDeskHistory>(book)
            .AddSingleton<IPositionQueries>(book)
            .AddSingleton<IUserStore>(registry)
            .AddSingleton<IAuditLog>(registry)
            .AddSingleton<IEvidenceLog>(new OneEntryEach())
            .AddRiskFrontend(builder.Configuration);
        var app = builder.Build();
        app.MapRiskFrontend();
        await app.StartAsync();
        return new Frontend(app, book, registry);
    }

    /// <summary>A client of the MCP server.</summary>
    /// <param name="revision">Null: the newest that both speak.</param>
    public Task<McpClient> McpAsync(string? revision = null) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(Client.BaseAddress!, "/mcp") }, Client),
        new McpClientOptions { ProtocolVersion = revision });

    /// <summary>Sends a message as it is, by the newest revision's rules, and returns the status and what came back for it.</summary>
    public async Task<(int Status, JsonNode? Json)> McpRawAsync(byte[] body, string method, string? name = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = text.Split('\n').FirstOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?[5..] ?? text;
        return ((int)response.StatusCode, json.Length == 0 ? null : JsonNode.Parse(json));
    }

    /// <summary>The answer and its status; the body is always an object.</summary>
    public async Task<(int Status, JsonNode Json)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    /// <summary>Sends a request with headers as they are given.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>What the owner of a key or token is answered.</summary>
    public async Task<(int Status, JsonNode Json)> AsAsync(string credential, string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {credential}"));
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    /// <summary>Ends the server as a host does: what is in flight ends, what waits is written.</summary>
    public async Task<JsonNode> OkAsync(string path)
    {
        var (status, json) = await GetAsync(path);
        Assert.True(status == 200, $"{path} answered {status}: {json}");
        return json;
    }

    public async Task<(int Status, JsonNode Json)> AckAsync(Guid alertId, string? body, string contentType = "application/json")
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, contentType);
        using var response = await Client.PostAsync($"/api/v1/alerts/{alertId:D}/ack", content);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    public async Task<(int Status, JsonNode Json)> PutAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.PutAsync(path, content);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    public async Task<(int Status, JsonNode Json)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(path, content);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
