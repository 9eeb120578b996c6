using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Asking;

/// <summary>A floor with a desk in breach, one within its limit, and some whose names are hard to read.</summary>
internal static class Floor
{
    public static Book Book()
    {
        var book = new Book();
        book.Limit("net", 1_000_000);
        book.Put("Rates", "P1", 2_000_000.5m, trader: "T1", security: "BUND");
        book.Put("Rates", "P2", -400_000, trader: "T2", security: "OAT");
        book.Put("Credit", "P3", -312_000, trader: "T3", security: "CDX", currency: "EUR");
        book.Put("FX Options", "P4", 850_000, trader: "T4", security: "EURUSD");
        book.Put("FX Spot", "P5", 10_000, trader: "T5", security: "GBPUSD");
        book.Put("Limits and Breaches", "P6", 5_000, trader: "T6", security: "X");
        return book;
    }

    public static async Task<JsonNode> AskAsync(this Frontend frontend, string question)
    {
        var (status, json) = await frontend.PostAskAsync(new JsonObject { ["question"] = question });
        Assert.True(status == 200, $"'{question}' answered {status}: {json}");
        AssertCited(json);
        return json;
    }

    public static async Task<(int Status, JsonNode Json)> PostAskAsync(this Frontend frontend, JsonNode body)
    {
        using var response = await frontend.Client.PostAsJsonAsync("/api/v1/ask", body);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    public static IEnumerable<string> Tools(this JsonNode answer) => answer["calls"]!.AsArray().Select(call => (string)call!["tool"]!);

    public static string Conclusion(this JsonNode answer) => (string)answer["conclusion"]!;

    /// <summary>Every citation points at something in the answer.</summary>
    private static void AssertCited(JsonNode answer)
    {
        foreach (var citation in answer["citations"]!.AsArray())
        {
            var found = ((string)citation!["path"]!)[1..].Split('/').Aggregate((JsonNode?)answer, (node, name) => node is JsonArray list ? list[int.Parse(name)] : node?[name]);
            Assert.True(found is not null, $"{citation} points at nothing in {answer}");
            Assert.Contains((string)citation["figure"]!, answer.Conclusion(), StringComparison.Ordinal);
        }
    }
}
