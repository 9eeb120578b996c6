using System.Net;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Pages;

public sealed class AlertReportTests
{
    [Fact]
    public async Task The_report_is_a_page_of_its_own_with_figures_history_and_the_hashes_of_the_evidence()
    {
        await using var world = await StartAsync();
        using var response = await world.Client.GetAsync($"/api/v1/alerts/{world.Book.OnlyAlert.AlertId:D}/report");
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("@media print", html);
        foreach (var heading in new[] { "Limit", "Conclusion", "Times", "Deliveries", "History", "Evidence" })
        {
            Assert.Contains($"<h2>{heading}</h2>", html);
        }

        Assert.Contains("1600.0000", html);
        var entry = (await new OneEntryEach().AboutAsync(world.Book.OnlyAlert.AlertId.ToString("D"), default))[0];
        Assert.Contains("main:7", html);
        Assert.Contains(entry.Hash, html);
        Assert.DoesNotContain("the entry was changed", html);
        Assert.Contains("(made with the key 630dcd29, which is not known here)", html);

        // It loads nothing, and an entry's content stays with those who may read the database.
        Assert.DoesNotContain("src=", html);
        Assert.DoesNotContain("not to be shown", html);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound)]
    [InlineData("x", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_a_problem(string alertId, HttpStatusCode status)
    {
        await using var world = await StartAsync();
        using var response = await world.Client.GetAsync($"/api/v1/alerts/{alertId}/report");

        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    private static async Task<Frontend> StartAsync()
    {
        var book = new Book { Now = DateTimeOffset.UtcNow };
        book.Limit("net", 1_000);
        book.Put("Rates", "P1", 1_600);
        book.Deliver(book.AlertOf("Rates"));
        return await Frontend.StartAsync(book);
    }
}
