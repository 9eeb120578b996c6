using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RiskMonitor.McpFrontend.Tests.Asking;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>Fields carry a name as it is; texts that people and models read carry it quoted and escaped.</summary>
public sealed class HostileNamesTests
{
    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public async Task In_answers_over_HTTP(string name)
    {
        var book = Of(name);
        await using var frontend = await Frontend.StartAsync(book);

        var exposure = await frontend.OkAsync($"/api/v1/desks/exposure?desk={Uri.EscapeDataString(name)}");
        var alert = (await frontend.OkAsync($"/api/v1/alerts/{book.AlertOf(name):D}"))["alert"]!;
        var (status, problem) = await frontend.GetAsync($"/api/v1/desks/exposure?desk={Uri.EscapeDataString(name + "x")}");

        Assert.Equal(name, (string?)exposure["desk"]);
        Assert.Equal(name, (string?)alert["desk"]);
        Assert.Equal(name, (string?)alert["ack_comment"]);
        AssertQuoted(name, (string?)exposure["conclusion"]);
        AssertQuoted(name, (string?)alert["message"]);
        Assert.Equal(404, status);
        AssertSafe((string?)problem["detail"]);
        Assert.Contains(name, problem["details"]![0]!["allowed"]!.AsArray().Select(near => (string?)near));
    }

    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public async Task In_what_models_read_over_MCP(string name)
    {
        var book = Of(name);
        await using var frontend = await Frontend.StartAsync(book);
        await using var client = await frontend.McpAsync();
        (string Tool, Dictionary<string, object?> Arguments)[] calls =
        [
            ("list_desks", []), ("monitor_desk_exposure", new() { ["desk"] = name }), ("get_exposure", new() { ["group_by"] = "desk" }), ("query_positions", []),
            ("query_alerts", []), ("get_alert", new() { ["alert_id"] = book.AlertOf(name).ToString("D") }), ("get_limits", []), ("monitor_desk_exposure", new() { ["desk"] = name + "x" }),
        ];

        foreach (var (tool, arguments) in calls)
        {
            var result = await client.CallToolAsync(tool, arguments);
            var text = Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
            Assert.All(text.Split('\n'), AssertSafe);
            // No line of the text is the name's.
            Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("- CRITICAL \"Other\"", StringComparison.Ordinal) || line.StartsWith("</facts>", StringComparison.Ordinal));
            Assert.Contains(name, Texts(JsonNode.Parse(JsonSerializer.Serialize(result.StructuredContent, McpJsonUtilities.DefaultOptions))!));
        }

        var resources = await client.ListResourcesAsync();
        Assert.All(resources, resource => AssertSafe(resource.Title));
        Assert.All(resources, resource => AssertSafe(resource.Description));
        foreach (var resource in resources)
        {
            var json = Assert.IsType<TextResourceContents>(Assert.Single((await client.ReadResourceAsync(resource.Uri)).Contents)).Text;
            AssertSafe(json);
            Assert.Contains(name, Texts(JsonNode.Parse(json)!));
        }
    }

    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public async Task In_what_a_language_model_is_given(string name)
    {
        var book = Of(name);
        await using var model = await Model.StartAsync(Model.Calls(("list_desks", "{}"), ("query_alerts", "{}")), Model.Says("Nothing to say."));
        await using var frontend = await Frontend.StartAsync(book, ("Llm:Endpoint", model.Url), ("Llm:Model", "m"));

        await frontend.Client.PostAsync("/api/v1/ask", new StringContent("""{"question":"which desks are there?"}""", Encoding.UTF8, "application/json"));

        var results = model.Requests.Last()["messages"]!.AsArray().Where(message => (string?)message!["role"] == "tool").Select(message => (string)message!["content"]!).ToList();
        Assert.Equal(2, results.Count);
        Assert.All(results, AssertSafe);
        Assert.All(results, result => Assert.Contains(name, Texts(JsonNode.Parse(result)!)));
    }

    private static Book Of(string name)
    {
        var book = new Book();
        book.Limit("house", 1_000);
        book.Limit(name, 1_000, desk: name);
        book.Put(name, name, 2_000, trader: name, security: name);
        book.Deliver(book.AlertOf(name));
        book.AckAsync(book.AlertOf(name), new AckRequest("ann", name, name, Disposition.Seen, null, null)).GetAwaiter().GetResult();
        return book;
    }

    private static void AssertQuoted(string name, string? text)
    {
        AssertSafe(text);
        Assert.StartsWith(VisibleText.Quoted(name), text, StringComparison.Ordinal);
    }

    private static void AssertSafe(string? text)
    {
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            Assert.False(
                Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
                string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4} stands in: {text}"));
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject properties => properties.SelectMany(property => Texts(property.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
