using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

public sealed class ToolSchemaTests
{
    private static readonly JsonSerializerOptions s_readable = new(McpJsonUtilities.DefaultOptions) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_tool_is_described_as_reviewed()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var client = await frontend.McpAsync();

        var changed = new List<string>();
        foreach (var tool in await client.ListToolsAsync())
        {
            var accepted = SchemaFile($"{tool.Name}.json");
            var actual = JsonSerializer.Serialize(tool.ProtocolTool, s_readable).ReplaceLineEndings("\n") + "\n";
            if (!File.Exists(accepted) || await File.ReadAllTextAsync(accepted) != actual)
            {
                await File.WriteAllTextAsync(SchemaFile($"{tool.Name}.actual.json"), actual);
                changed.Add($"mv {SchemaFile($"{tool.Name}.actual.json")} {accepted}");
            }
        }

        Assert.True(changed.Count == 0, $"tools are described otherwise than before; where that is meant, accept it:\n{string.Join('\n', changed)}");
    }

    [Fact]
    public async Task All_descriptions_together_take_at_most_5000_tokens()
    {
        const int MostTokens = 5_000;
        // JSON has about four characters to a token; this errs on the safe side.
        const double CharactersPerToken = 3.2;
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var client = await frontend.McpAsync();

        var tools = await client.ListToolsAsync();

        var characters = tools.Sum(tool => JsonSerializer.Serialize(tool.ProtocolTool, McpJsonUtilities.DefaultOptions).Length);
        Assert.InRange(tools.Count, 7, 15);
        Assert.InRange(characters / CharactersPerToken, 1, MostTokens);
    }

    [Fact]
    public async Task Every_tool_says_that_it_only_reads()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var client = await frontend.McpAsync();

        foreach (var tool in await client.ListToolsAsync())
        {
            Assert.True(tool.ProtocolTool.Annotations is { ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: false }, tool.Name);
            Assert.Matches("^[a-z_]+$", tool.Name);
            Assert.All(tool.JsonSchema.GetProperty("properties").EnumerateObject(), property => Assert.Matches("^[a-z_]+$", property.Name));
        }
    }

    [Theory]
    [InlineData(Clearance.Trader)]
    [InlineData(Clearance.Desk)]
    public async Task Every_answer_and_every_error_satisfies_the_schema_of_its_tool(Clearance clearance)
    {
        var book = Floor();
        await using var frontend = await Frontend.StartAsync(book);
        await using var conversation = await McpConversation.BeginAsync(frontend, new Caller("ann", Role.Viewer, null, clearance));
        var client = conversation.Client;
        var tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name);

        var asked = new HashSet<string>();
        foreach (var (name, arguments) in Questions(book).Where(question => tools.ContainsKey(question.Tool)))
        {
            var result = await client.CallToolAsync(name, arguments);
            asked.Add($"{name} {(result.IsError == true ? "error" : "answer")}");
            var problems = SchemaValidator.Problems(tools[name].ProtocolTool.OutputSchema!.Value, result.StructuredContent!.Value);
            Assert.True(problems.Count == 0, $"{name} {JsonSerializer.Serialize(arguments)}: {string.Join("; ", problems)}\n{result.StructuredContent}");
        }

        Assert.Equal(tools.Keys.SelectMany(name => new[] { $"{name} answer", $"{name} error" }).Order(), asked.Order());
    }

    [Fact]
    public async Task A_schema_refuses_a_document_that_is_not_an_answer()
    {
        await using var frontend = await Frontend.StartAsync(Floor());
        var tool = frontend.Services.GetRequiredService<ToolCatalogue>().Find("monitor_desk_exposure", Caller.LocalAdmin)!;
        await using var client = await frontend.McpAsync();
        var answer = (await client.CallToolAsync(tool.Name, new Dictionary<string, object?> { ["desk"] = "Breached" })).StructuredContent!.Value.GetRawText();

        Assert.NotEmpty(Problems("""{"feed": {"state": "live"}}"""));
        Assert.NotEmpty(Problems(answer.Replace("\"delta\":\"5000.0000\"", "\"delta\":\"5000.00\"", StringComparison.Ordinal)));
        Assert.NotEmpty(Problems(answer.Replace("\"by_trader\":[", "\"by_trader\":[7,", StringComparison.Ordinal)));
        Assert.NotEmpty(Problems(answer.Replace("\"state\":\"unproven\"", "\"state\":\"fine\"", StringComparison.Ordinal)));
        Assert.Empty(Problems(answer));

        IReadOnlyList<string> Problems(string json) => SchemaValidator.Problems(tool.OutputSchema, JsonElement.Parse(json));
    }

    /// <summary>Desks in every state that an answer can describe.</summary>
    internal static Book Floor()
    {
        var book = new Book();
        book.Limit("default", 1_000);
        book.Limit("closed", 0, desk: "Closed");
        book.Put("Breached", "P1", 5_000);
        book.Put("Missing", "P2", null);
        book.Put("Mixed", "P3", 900, currency: "EUR");
        book.Put("Mixed", "P4", -100, currency: "JPY", trader: "T2");
        book.Put("Closed", "P5", 0.0001m);
        book.Put("Building", "P6", 10, snapshot: new SnapshotProgress(1, default));
        book.Put("Cured", "P8", 7_000);
        book.Deliver(book.AlertOf("Cured"));
        book.Put("Cured", "P8", 10);
        foreach (var i in Enumerable.Range(0, 25))
        {
            book.Put("Wide", $"W{i}", (i % 2 == 0 ? 1 : -1) * (i + 0.5m), trader: $"T{i}", security: $"S{i}", currency: $"X{(char)('A' + i)}C");
        }

        book.FeedStatus = new FeedStatus(FeedState.Unproven, null, null, ["a change could not be read"]);
        return book;
    }

    /// <summary>Questions that cover each tool's answers, and one or two that it cannot answer.</summary>
    internal static IEnumerable<(string Tool, Dictionary<string, object?> Arguments)> Questions(Book book)
    {
        foreach (var desk in new[] { "Breached", "Missing", "Mixed", "Closed", "Building", "Cured", "Wide", "Nobody" })
        {
            yield return ("monitor_desk_exposure", new() { ["desk"] = desk });
        }

        yield return ("monitor_desk_exposure", new() { ["desk"] = "Mixed", ["horizon"] = "overnight", ["limit_profile"] = "standard" });
        yield return ("monitor_desk_exposure", []);
        yield return ("list_desks", []);
        yield return ("list_desks", new() { ["order_by"] = "utilisation", ["page_size"] = 2 });
        yield return ("list_desks", new() { ["order_by"] = "size", ["page_size"] = 501 });
        yield return ("query_alerts", []);
        yield return ("query_alerts", new() { ["breach_state"] = "cured", ["include_transient"] = true });
        yield return ("query_alerts", new() { ["desk"] = "Missing" });
        yield return ("query_alerts", new() { ["opened_from"] = "yesterday" });
        yield return ("get_alert", new() { ["alert_id"] = book.AlertOf("Cured").ToString("D") });
        yield return ("get_alert", new() { ["alert_id"] = book.AlertOf("Breached").ToString("D") });
        yield return ("get_alert", new() { ["alert_id"] = Guid.Empty.ToString("D") });
        yield return ("get_exposure", new() { ["group_by"] = "desk" });
        yield return ("get_exposure", new() { ["group_by"] = "currency", ["threshold"] = 100, ["top"] = 3 });
        yield return ("get_exposure", new() { ["group_by"] = "desk,currency", ["order_by"] = "gross_delta", ["desk"] = "Mixed", ["threshold"] = "0.5" });
        yield return ("get_exposure", new() { ["group_by"] = "colour" });
        yield return ("query_positions", new() { ["desk"] = "Missing" });
        yield return ("query_positions", new() { ["currency"] = "EUR", ["entry_date_from"] = "2026-01-01", ["page_size"] = 1 });
        yield return ("query_positions", new() { ["desk"] = "Nobody" });
        yield return ("ask_risk", new() { ["question"] = "which desks are in breach?" });
        yield return ("ask_risk", new() { ["question"] = "Breached 的敞口是多少?" });
        yield return ("ask_risk", []);
        yield return ("get_limits", []);
        yield return ("get_limits", new() { ["desk"] = "Closed", ["horizon"] = "intraday" });
        yield return ("get_limits", new() { ["cursor"] = "none" });
    }

    private static string SchemaFile(string name, [CallerFilePath] string test = "") => Path.Combine(Path.GetDirectoryName(test)!, "Schemas", name);
}
