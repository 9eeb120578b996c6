using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskMonitor.Conformance.Host;
using RiskMonitor.Conformance.Host.Fixtures;

// An MCP server with the tools, prompts and resources that the public conformance suite expects of a server under test, on a
// free port of the loopback address. It prints "ready <address>" and ends with its standard input, so that it outlives nobody.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSingleton<RequestStateSeal>();
builder.Services.AddMcpServer()
    .WithHttpTransport(transport => transport.Stateless = true)
    .WithTools<ContentTools>()
    .WithTools<DiagnosticTools>()
    .WithTools<InputTools>()
    .WithPrompts<FixturePrompts>()
    .WithResources<FixtureResources>()
    .WithCompleteHandler(FixturePrompts.CompleteAsync)
    .WithCacheHints()
    .WithMissingResourcesNamed();

await using var app = builder.Build();
app.UseLocalOriginsOnly();
app.MapMcp("/mcp");
await app.StartAsync();
Console.WriteLine($"ready {app.Urls.Single()}");
await Console.In.ReadToEndAsync();
await app.StopAsync();
