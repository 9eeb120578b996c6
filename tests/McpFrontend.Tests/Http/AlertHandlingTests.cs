using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Http;

/// <summary>Snoozing and assigning alerts.</summary>
public sealed class AlertHandlingTests
{
    [Fact]
    public async Task An_alert_is_snoozed_and_assigned_with_reason_and_end()
    {
        await using var frontend = await StartAsync();
        var until = frontend.Book.Now.AddHours(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var (status, snoozed) = await PostAsync(frontend, "snooze", $$"""{"until":"{{until}}","reason":"desk head is on it"}""");
        Assert.True(status == HttpStatusCode.OK, snoozed.ToJsonString());
        Assert.Equal(("desk head is on it", "local-admin"), ((string?)snoozed["alert"]!["snooze"]!["reason"], (string?)snoozed["alert"]!["snooze"]!["by"]));
        Assert.Equal("delivered", (string?)snoozed["alert"]!["status"]);

        var (_, assigned) = await PostAsync(frontend, "assign", $$"""{"to":"bob","until":"{{until}}","reason":"he runs the book"}""");
        Assert.Equal(("bob", "he runs the book"), ((string?)assigned["alert"]!["assignment"]!["to"], (string?)assigned["alert"]!["assignment"]!["reason"]));
        Assert.Contains(assigned["history"]!.AsArray(), step => (string?)step!["kind"] == "assigned");
    }

    [Theory]
    [InlineData("snooze", """{"reason":"x"}""", "until")]
    [InlineData("snooze", """{"until":"2001-01-01T00:00:00Z","reason":"x"}""", "until")]
    [InlineData("snooze", """{"until":"2999-01-01T00:00:00Z","reason":"x"}""", "until")]
    [InlineData("snooze", """{"until":"2999-01-01T00:00:00Z"}""", "reason")]
    [InlineData("assign", """{"until":"2999-01-01T00:00:00Z","reason":"x"}""", "to")]
    public async Task What_is_missing_is_named(string what, string body, string field)
    {
        await using var frontend = await StartAsync();
        var (status, problem) = await PostAsync(frontend, what, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(problem["details"]!.AsArray(), detail => (string?)detail!["field"] == field);
    }

    private static async Task<Frontend> StartAsync()
    {
        var book = new Book { Now = DateTimeOffset.UtcNow };
        book.Limit("net", 1_000);
        book.Put("Rates", "P1", 1_600);
        book.Deliver(book.AlertOf("Rates"));
        return await Frontend.StartAsync(book);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Json)> PostAsync(Frontend frontend, string what, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await frontend.Client.PostAsync($"/api/v1/alerts/{frontend.Book.OnlyAlert.AlertId:D}/{what}", content);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }
}
