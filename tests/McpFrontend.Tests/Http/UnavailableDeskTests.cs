using RiskMonitor.Grains.Interfaces;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Http;

/// <summary>One desk that cannot be read leaves the others' answers whole, and is named where it is missing.</summary>
public sealed class UnavailableDeskTests
{
    [Theory]
    [InlineData("/api/v1/desks")]
    [InlineData("/api/v1/desks?order_by=utilisation")]
    [InlineData("/api/v1/exposure?group_by=currency")]
    [InlineData("/api/v1/positions")]
    public async Task It_is_named_and_what_is_summed_is_without_it(string path)
    {
        await using var frontend = await Frontend.StartAsync(Floor());

        var answer = await frontend.OkAsync(path);

        var missing = Assert.Single(answer["unavailable_desks"]!.AsArray())!;
        Assert.Equal("Sick", (string?)missing["desk"]);
        Assert.Equal("unproven", (string?)answer["feed"]!["state"]);
        Assert.Contains(answer["feed"]!["reasons"]!.AsArray(), reason => ((string)reason!).Contains("\"Sick\"", StringComparison.Ordinal));
        Assert.DoesNotContain("999", answer["desks"]?.ToJsonString() ?? answer["totals"]?.ToJsonString() ?? answer["positions"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_for_alone_it_answers_unavailable_and_others_are_live()
    {
        await using var frontend = await Frontend.StartAsync(Floor());

        var (status, problem) = await frontend.GetAsync("/api/v1/desks/Sick/exposure");

        Assert.Equal((503, "unavailable"), (status, (string?)problem["code"]));
        Assert.Equal("live", (string?)(await frontend.OkAsync("/api/v1/desks/Well/exposure"))["feed"]!["state"]);
        await frontend.OkAsync("/api/v1/alerts");
    }

    private static Book Floor()
    {
        var book = new Book();
        book.Put("Well", "P1", 100);
        book.Put("Sick", "P2", 999);
        book.Failing["Sick"] = new DeskUnavailableException("Sick", "journal record 7 cannot be read");
        return book;
    }
}
