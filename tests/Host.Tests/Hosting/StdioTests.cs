using System.Diagnostics;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>A desktop client starts the program and speaks with it over its stdin and stdout.</summary>
public sealed class StdioTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("2025-06-18")]
    public async Task A_client_that_starts_the_program_gets_the_tools_prompts_and_resources(string? revision)
    {
        using var data = new TemporaryDirectory();
        await using var client = await ConnectAsync(data, revision);

        var desks = await client.CallToolAsync("list_desks");
        var unknown = await client.CallToolAsync("monitor_desk_exposure", new Dictionary<string, object?> { ["desk"] = "Nobody" });

        Assert.Contains("monitor_desk_exposure", (await client.ListToolsAsync()).Select(tool => tool.Name));
        Assert.Contains("analyze_risk_breach", (await client.ListPromptsAsync()).Select(prompt => prompt.Name));
        Assert.Contains("risk://desks", (await client.ListResourcesAsync()).Select(resource => resource.Uri));
        Assert.Equal(0, desks.StructuredContent!.Value.GetProperty("total").GetInt32());
        Assert.True(unknown.IsError);
    }

    [Fact]
    public async Task Nothing_but_messages_goes_to_stdout_and_the_end_of_the_input_ends_the_program()
    {
        using var data = new TemporaryDirectory();
        const string Ask = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

        var (exitCode, output, errors) = await HostProcess.SpeakAsync($"{Ask}\nno message\n", "--stdio", "--data", data.Path);

        Assert.Equal(0, exitCode);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("{\"", line, StringComparison.Ordinal));
        Assert.Contains("\"serverInfo\"", output, StringComparison.Ordinal);
        Assert.Contains("ready http", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_a_host_that_runs_a_client_sees_the_same_book()
    {
        using var data = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(["--port", "0", "--no-demo", "--data", data.Path]);
        using (var trades = new TradingClient(data.Path))
        {
            trades.Open("P1", "Rates", 1_000);
        }

        await using var client = await ConnectAsync(data);
        await using var second = await ConnectAsync(data);

        await Eventually.IsTrueAsync("both see the desk", async () => await TotalAsync(client) == 1 && await TotalAsync(second) == 1);

        static async Task<int> TotalAsync(McpClient client) => (await client.CallToolAsync("list_desks")).StructuredContent!.Value.GetProperty("total").GetInt32();
    }

    [Fact]
    public async Task A_client_whose_host_has_gone_is_told_so_and_goes_on_when_it_is_back()
    {
        using var data = new TemporaryDirectory();
        var host = await HostProcess.StartAsync(["--port", "0", "--no-demo", "--data", data.Path]);
        var port = host.Http.BaseAddress!.Port;
        await using var client = await ConnectAsync(data);
        await client.CallToolAsync("list_desks");

        await host.DisposeAsync();
        var gone = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("list_desks"));
        await using var again = await HostProcess.StartAsync(["--port", $"{port}", "--no-demo", "--data", data.Path]);
        var back = await client.CallToolAsync("list_desks");

        Assert.Contains("does not answer", gone.Message, StringComparison.Ordinal);
        Assert.NotEqual(true, back.IsError);
    }

    [Fact]
    public async Task A_client_that_gives_up_the_newest_revision_can_still_shake_hands_by_an_older_one()
    {
        using var data = new TemporaryDirectory();
        using var program = ChildProcess.Start(new ProcessStartInfo("dotnet", [HostProcess.Program, "--stdio", "--data", data.Path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        program.ErrorDataReceived += (_, _) => { };
        program.BeginErrorReadLine();

        var discovered = await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""");
        var shaken = await AskAsync("""{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        var listed = await AskAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/list"}""");
        program.StandardInput.Close();
        await program.WaitForExitAsync();

        Assert.NotNull(discovered["result"]!["supportedVersions"]);
        Assert.Equal("2025-06-18", (string?)shaken["result"]?["protocolVersion"]);
        Assert.NotEmpty(listed["result"]!["tools"]!.AsArray());

        async Task<JsonNode> AskAsync(string message)
        {
            await program.StandardInput.WriteLineAsync(message);
            return JsonNode.Parse((await program.StandardOutput.ReadLineAsync())!)!;
        }
    }

    [Fact]
    public async Task Where_there_are_users_the_client_needs_a_key_of_one()
    {
        using var data = new TemporaryDirectory();
        var (_, added, _) = await HostProcess.RunAsync("users", "add", "ann", "--role", "viewer", "--all-desks", "--clearance", "desk", "--data", data.Path);
        var key = added.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Single(word => word.StartsWith("rmk_", StringComparison.Ordinal));

        await using var client = await ConnectAsync(data, key: key);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(data));

        Assert.Equal("ann", (await client.CallToolAsync("list_desks")).StructuredContent!.Value.GetProperty("scope").GetProperty("user").GetString());
        Assert.Contains("RISKMONITOR_API_KEY", refused.ToString(), StringComparison.Ordinal);
    }

    private static Task<McpClient> ConnectAsync(TemporaryDirectory data, string? revision = null, string? key = null)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = [HostProcess.Program, "--stdio", "--data", data.Path],
            EnvironmentVariables = new Dictionary<string, string?> { ["RISKMONITOR_API_KEY"] = key },
        });
        return McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = revision });
    }
}
